/** The conversation: messages in threads, brought up to date in place so that a form being filled is not disturbed. */
import { cardOf, drawCard } from "./cards.js";
import { avatar, button, element, icon } from "./dom.js";
import { messageNodes } from "./safe-html.js";

export class MessageList {
  #list;
  #people;
  #act;
  #known = new Map();
  #drawn = new Map();

  /** `act` is what one can do here: submit(message, inputs), reply(thread), nameOfFile(address), download(address). */
  constructor(list, people, act) {
    this.#list = list;
    this.#people = people;
    this.#act = act;
  }

  get isEmpty() {
    return this.#known.size === 0;
  }

  /** Empty the list: another space, or another person. */
  clear() {
    this.#known.clear();
    this.#drawn.clear();
    this.#list.replaceChildren();
  }

  /** Show a space's newest messages as the API lists them, newest first. Returns the elements of new ones. */
  show(messages, me) {
    this.#known = withDeletions(this.#known, messages);
    const added = [];
    const items = threads([...this.#known.values()]).map(([rootId, thread]) => {
      const item = this.#drawn.get(rootId) ?? this.#remember(rootId, element("li", { class: "thread" }));
      arrange(item, thread.map((message) => this.#bringUpToDate(message, rootId, me, added)));
      return item;
    });
    arrange(this.#list, items);
    return added;
  }

  #bringUpToDate(message, rootId, me, added) {
    const key = `message ${message.id}`;
    const drawn = this.#drawn.get(key) ?? this.#remember(key, this.#draw(message, rootId, me, added));
    drawn.classList.toggle("reply", message.id !== rootId);
    refresh(drawn.querySelector(".message-head"), headLooks(message), () => this.#head(message));
    refresh(drawn.querySelector(".message-body"), bodyLooks(message), () => this.#body(message));
    return drawn;
  }

  #draw(message, rootId, me, added) {
    const sender = this.#people.nameOf(message.personId, message.personEmail);
    const names = {
      class: "message", "data-testid": "message", "data-message-id": message.id, "data-sender": message.personEmail,
      "data-parent-id": message.parentId, "data-mine": message.personId === me.id, "aria-label": `Message from ${sender}`,
    };
    const parts = [element("header", { class: "message-head" }), element("div", { class: "message-body" })];
    const main = element("div", { class: "message-main" }, ...parts, this.#replyButton(message, rootId));
    const drawn = element("article", names, avatar(sender), main);
    added.push(drawn);
    return drawn;
  }

  #remember(key, node) {
    this.#drawn.set(key, node);
    return node;
  }

  #head(message) {
    const sender = this.#people.nameOf(message.personId, message.personEmail);
    const badge = this.#people.isBot(message.personId) ? [element("span", { class: "badge" }, "Bot")] : [];
    const edited = message.updated && !message.deleted ? [element("span", { class: "edited" }, "Edited")] : [];
    return [element("strong", {}, sender), ...badge, time(message.created), ...edited];
  }

  #body(message) {
    if (message.deleted) return [element("p", { class: "deleted" }, "This message was deleted.")];
    const card = cardOf(message);
    const said = card ? drawCard(card, (inputs) => this.#act.submit(message, inputs)) : text(message);
    return [said, ...(message.files ?? []).map((address) => this.#file(address))];
  }

  #file(address) {
    const name = element("span", {}, "Attachment");
    this.#act.nameOfFile(address).then((found) => name.replaceChildren(found), () => {});
    const names = { class: "file", "data-testid": "attachment" };
    return button(names, () => this.#act.download(address), icon("file"), name);
  }

  #replyButton(message, rootId) {
    const names = { class: "reply-button", "aria-label": "Reply in the thread", title: "Reply in the thread" };
    const sender = this.#people.nameOf(message.personId, message.personEmail);
    return button(names, () => this.#act.reply({ rootId, sender }), icon("reply"));
  }
}

/** Known and listed messages, oldest first. One that is gone from the listed stretch was deleted: a mark stays. */
function withDeletions(known, messages) {
  const oldest = messages.at(-1)?.created ?? "";
  const listed = new Map(messages.map((message) => [message.id, message]));
  const gone = [...known.values()].filter((message) => !listed.has(message.id));
  const marks = gone.map((message) => ({ ...message, deleted: message.deleted || message.created >= oldest }));
  const all = [...marks, ...messages.toReversed()];
  return new Map(all.toSorted(inOrder).map((message) => [message.id, message]));
}

/** Oldest first; of two in the same millisecond the root comes before its reply. */
function inOrder(a, b) {
  return a.created.localeCompare(b.created) || Boolean(a.parentId) - Boolean(b.parentId);
}

function threads(messages) {
  const roots = new Map();
  for (const message of messages) {
    const rootId = message.parentId ?? message.id;
    roots.set(rootId, [...(roots.get(rootId) ?? []), message]);
  }
  return [...roots];
}

/** Make `nodes` the children of `parent`. Only those out of place are moved: a moved node would lose the focus. */
function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, place) => {
    if (parent.children[place] !== node) parent.insertBefore(node, parent.children[place] ?? null);
  });
}

/** Draw anew only what looks different from what is there. The focus stays in the message. */
function refresh(holder, looks, draw) {
  if (holder.looks === looks) return;
  const hadFocus = holder.contains(document.activeElement);
  holder.looks = looks;
  holder.replaceChildren(...draw());
  if (hadFocus) holder.querySelector("[tabindex]")?.focus();
}

function headLooks(message) {
  return JSON.stringify([message.updated, message.deleted]);
}

function bodyLooks(message) {
  return JSON.stringify([message.deleted, message.html, message.text, message.attachments, message.files]);
}

function text(message) {
  if (message.html) return element("div", { class: "text" }, messageNodes(message.html));
  return element("div", { class: "text plain" }, message.text ?? "");
}

function time(created) {
  const date = new Date(created);
  const today = date.toDateString() === new Date().toDateString();
  const clock = { hour: "numeric", minute: "2-digit" };
  const shown = date.toLocaleString([], today ? clock : { ...clock, day: "numeric", month: "short" });
  return element("time", { datetime: created, title: date.toLocaleString() }, shown);
}
