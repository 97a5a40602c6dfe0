/** The list of spaces. A direct space with the bot is offered before it exists: the first message makes it. */
import { avatar, button, element, icon, onLeaving } from "./dom.js";

/** A space as the page shows it: `id` is undefined while the direct space with the bot does not exist yet. */
export function spacesOf(rooms, bot) {
  const spaces = rooms.map((room) => ({ ...room, direct: room.type === "direct" }));
  const known = spaces.some((space) => isDirectWith(bot, space));
  return known || !bot ? spaces : [{ title: bot.displayName, type: "direct", direct: true }, ...spaces];
}

/** The space that stands for the same conversation in a newer list. */
export function sameSpace(spaces, space) {
  return spaces.find((other) => other.id === space.id) ?? spaces.find((other) => !space.id && isSame(other, space));
}

/** Draws spaces into a <nav>; `choose(space)` is called with each choice. */
export class SpaceList {
  #list;
  #toggle;
  #choose;
  #seen = new Map();

  constructor(nav, toggle, choose) {
    this.#list = nav.querySelector("ul");
    this.#toggle = toggle;
    this.#choose = choose;
    toggle.addEventListener("click", () => this.#open(toggle.ariaExpanded !== "true"));
    onLeaving([nav, toggle], () => this.#open(false));
  }

  /** Show the spaces, the chosen one marked; a dot on those with news since they were last open. */
  show(spaces, chosen) {
    this.#seen.set(chosen?.id, chosen?.lastActivity);
    for (const space of spaces) if (!this.#seen.has(space.id)) this.#seen.set(space.id, space.lastActivity);
    const looks = JSON.stringify([spaces, chosen?.id]);
    if (looks === this.#list.dataset.looks) return;
    this.#list.dataset.looks = looks;
    this.#toggle.firstElementChild.textContent = chosen?.title ?? "Spaces";
    this.#list.replaceChildren(...spaces.map((space) => element("li", {}, this.#entry(space, chosen))));
  }

  /** Forget which spaces have news: another person reads now. */
  clear() {
    this.#seen.clear();
  }

  #entry(space, chosen) {
    const news = space.id !== chosen?.id && this.#seen.get(space.id) !== space.lastActivity;
    const names = {
      class: "space", "data-testid": "space", "data-room-id": space.id, "data-room-type": space.type,
      "aria-current": space.id === chosen?.id ? "true" : false,
    };
    const title = element("span", { class: "name" }, space.title);
    return button(names, () => this.#pick(space), picture(space), title, ...(news ? [newsMark()] : []));
  }

  #pick(space) {
    this.#open(false);
    this.#choose(space);
  }

  #open(open) {
    this.#toggle.ariaExpanded = String(open);
  }
}

/** A space's picture: initials for a person, a drawing for a group. */
export function picture(space) {
  if (space.direct) return avatar(space.title);
  return element("span", { class: "avatar group", "aria-hidden": "true" }, icon("people"));
}

function newsMark() {
  return element("span", { class: "news" }, element("span", { class: "visually-hidden" }, "New messages"));
}

function isDirectWith(bot, space) {
  return space.direct && space.title === bot?.displayName;
}

function isSame(other, space) {
  return other.direct && other.title === space.title;
}
