"""The sandbox's chat page: its own files, and the card renderer that `npm ci` put beside them."""

from flask import Blueprint, Response

# Second line of defence behind the page's own sanitizer: no script, frame or form target but our own.
# Cards may show images of any HTTPS host, as in Webex; the renderer styles through the DOM, which this allows.
_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' blob: https:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


def page() -> Blueprint:
    """Return the blueprint that serves the chat page on `GET /` and its files on `GET /page/…`."""
    blueprint = Blueprint("page", __name__, static_folder="static", static_url_path="/page")
    blueprint.add_url_rule("/", view_func=lambda: blueprint.send_static_file("index.html"), endpoint="index")
    blueprint.after_request(_protect)
    return blueprint


def _protect(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
