"""Webex ids: base64 of `ciscospark://<cluster>/<TYPE>/<name>`, often without padding."""

import base64
import binascii


def name_in(webex_id: str) -> str:
    """The last part of what an id stands for, such as a UUID or `id_full_admin`; the id itself if it is bare.

    The cluster in the middle differs between regions, and some places give the bare UUID, so ids of one thing
    are compared by this.
    """
    try:
        decoded = base64.urlsafe_b64decode(webex_id + "=" * (-len(webex_id) % 4)).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError):
        return webex_id
    return decoded.rsplit("/", 1)[-1] if decoded.startswith("ciscospark://") else webex_id
