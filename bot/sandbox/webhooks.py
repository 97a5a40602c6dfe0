"""/webhooks."""

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from bot.sandbox.http import ApiError, Caller, caller, json_object, pages, require, world
from bot.sandbox.ids import new_id
from bot.sandbox.records import Role, Webhook
from bot.sandbox.representations import webhook_json
from bot.sandbox.subscriptions import check_subscription, read_scope

PROBATION = timedelta(minutes=5)
"""Enabled again this soon after it was disabled, a webhook is disabled by a single failure."""


def webhooks() -> Blueprint:
    """Return the blueprint of /webhooks."""
    blueprint = Blueprint("webhooks", __name__, url_prefix="/v1/webhooks")
    blueprint.get("")(list_webhooks)
    blueprint.post("")(create_webhook)
    blueprint.get("/<webhook_id>")(get_webhook)
    blueprint.put("/<webhook_id>")(update_webhook)
    blueprint.delete("/<webhook_id>")(delete_webhook)
    return blueprint


def list_webhooks() -> ResponseReturnValue:
    """Answer GET /webhooks: the caller's own."""
    owner = caller()
    with world().lock:
        shown, headers = pages([found for found in world().webhooks.values() if found.owner_id == owner.person_id])
        return jsonify({"items": [webhook_json(world(), webhook) for webhook in shown]}), headers


def create_webhook() -> ResponseReturnValue:
    """Answer POST /webhooks."""
    body = json_object()
    name, target, resource, event = (_required(body, key) for key in ("name", "targetUrl", "resource", "event"))
    owner = require(read_scope(resource))
    owned_by, filters = body.get("ownedBy", "creator"), body.get("filter") or None
    _check_target(target)
    _check_owner(owner, owned_by)
    with world().lock:
        check_subscription(world(), owner.person_id, resource, event, filters)
        fields = {"filter": filters, "secret": body.get("secret") or None, "owned_by": owned_by}
        created = world().stamp()
        webhook = Webhook(new_id("WEBHOOK"), name, target, resource, event, owner.person_id, created, **fields)
        world().webhooks[webhook.id] = webhook
        return jsonify(webhook_json(world(), webhook))


def get_webhook(webhook_id: str) -> ResponseReturnValue:
    """Answer GET /webhooks/{webhookId}."""
    with world().lock:
        return jsonify(webhook_json(world(), _find(caller(), webhook_id)))


def update_webhook(webhook_id: str) -> ResponseReturnValue:
    """Answer PUT /webhooks/{webhookId}: `name` and `targetUrl` (both required), `secret`, `status` (active)."""
    owner = caller()
    body = json_object()
    name, target = _required(body, "name"), _required(body, "targetUrl")
    _check_target(target)
    if body.get("status", "active") != "active":
        raise ApiError(400, "status can only be set to active.")
    with world().lock:
        webhook = _find(owner, webhook_id)
        secret = body.get("secret", webhook.secret)
        webhook = replace(webhook, name=name, target_url=target, secret=secret)
        world().webhooks[webhook_id] = _enabled(webhook) if "status" in body else webhook
        return jsonify(webhook_json(world(), world().webhooks[webhook_id]))


def delete_webhook(webhook_id: str) -> ResponseReturnValue:
    """Answer DELETE /webhooks/{webhookId}."""
    with world().lock:
        del world().webhooks[_find(caller(), webhook_id).id]
    return "", 204


def _required(body: dict[str, object], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ApiError(400, f"{name} is required.")
    return value


def _check_target(address: str) -> None:
    if not address.startswith(("http://", "https://")):
        raise ApiError(400, "targetUrl must start with http:// or https://.")


def _check_owner(owner: Caller, owned_by: object) -> None:
    if owned_by not in ("creator", "org"):
        raise ApiError(400, "ownedBy must be creator or org.")
    if owned_by == "org" and Role.FULL_ADMIN not in owner.roles:
        raise ApiError(403, "Only a full administrator can create a webhook for the organization.")


def _enabled(webhook: Webhook) -> Webhook:
    if webhook.status == "active":
        return webhook
    fragile = webhook.disabled is not None and world().now() - webhook.disabled <= PROBATION
    return replace(webhook, status="active", failures=(), disabled=None, fragile=fragile)


def _find(owner: Caller, webhook_id: str) -> Webhook:
    webhook = world().webhooks.get(webhook_id)
    if webhook is None or webhook.owner_id != owner.person_id:
        raise ApiError(404, "Could not find a webhook with provided ID.")
    return webhook
