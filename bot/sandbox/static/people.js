/** The person switcher: as whom one acts. */
import { avatar, button, element, onLeaving } from "./dom.js";

/** The people of the sandbox, found by id, and who of them is the bot. */
export class People {
  #byId;

  constructor(people) {
    this.#byId = new Map(people.map((person) => [person.id, person]));
    this.bot = people.find(isBot);
    this.humans = people.filter((person) => person.type === "person");
  }

  /** The display name of a message's sender; the e-mail address where the sandbox does not know the person. */
  nameOf(personId, personEmail) {
    return this.#byId.get(personId)?.displayName ?? personEmail ?? "Somebody";
  }

  isBot(personId) {
    return isBot(this.#byId.get(personId) ?? {});
  }
}

/** Draws the switcher into a <details> element; `choose(person)` is called with each choice. */
export class PersonSwitcher {
  #details;
  #choose;

  constructor(details, people, choose) {
    this.#details = details;
    this.#choose = choose;
    details.querySelector(".switcher-people").replaceChildren(...people.map((person) => this.#option(person)));
    onLeaving([details], () => (details.open = false));
  }

  /** Show who is acting now. */
  show(person) {
    this.#details.querySelector("summary").replaceChildren(avatar(person.displayName), nameAndRole(person));
    this.#details.dataset.person = person.emails[0];
    for (const option of this.#details.querySelectorAll("button")) {
      option.setAttribute("aria-pressed", String(option.dataset.personId === person.id));
    }
  }

  #option(person) {
    const names = { "data-testid": "person", "data-person-id": person.id, "data-person": person.emails[0] };
    return button(names, () => this.#pick(person), avatar(person.displayName), nameAndRole(person));
  }

  #pick(person) {
    this.#details.open = false;
    this.#details.querySelector("summary").focus();
    this.#choose(person);
  }
}

function isBot(person) {
  return person.type === "bot";
}

function nameAndRole(person) {
  const role = element("span", { class: "role" }, person.role ?? person.title ?? person.emails[0]);
  return element("span", { class: "who" }, element("span", { class: "name" }, person.displayName), role);
}
