/** The chat page, one person's Webex client over the REST API: ties the parts together and keeps them up to date. */
import { listPeople, Webex } from "./api.js";
import { Composer } from "./composer.js";
import { saveFile } from "./download.js";
import { MessageList } from "./messages.js";
import { People, PersonSwitcher } from "./people.js";
import { repeat } from "./repeat.js";
import { drawSpaceHeader } from "./space-header.js";
import { sameSpace, SpaceList, spacesOf } from "./spaces.js";
import { drawWelcome } from "./welcome.js";

const EVERY_MS = 500;
const SPACES_EVERY_TURNS = 4;

class Page {
  #people;
  #person;
  #webex;
  #spaces = [];
  #space;
  #switcher;
  #spaceList;
  #messages;
  #composer;
  #turns = 0;
  #asked = 0;
  #answered = 0;

  constructor(people) {
    this.#people = people;
    this.#switcher = new PersonSwitcher(find("switcher"), people.humans, (person) => this.#explain(this.become(person)));
    this.#spaceList = new SpaceList(find("spaces"), find("spaces-toggle"), (space) => this.#open(space));
    this.#messages = new MessageList(document.querySelector(".messages"), people, this.#messageActions());
    this.#composer = new Composer(find("composer"), people.bot, (message, file) => this.#post(message, file));
    find("new-space").addEventListener("submit", (event) => this.#explain(this.#createSpace(event)));
  }

  /** Act as this person from now on, in their space with the bot. */
  async become(person) {
    this.#person = person;
    this.#webex = new Webex(person.token);
    this.#switcher.show(person);
    sessionStorage.setItem("person", person.id);
    this.#spaceList.clear();
    this.#messages.clear();
    this.#space = undefined;
    await this.refreshSpaces();
  }

  /** Bring everything up to date: the messages each time, the spaces now and then. */
  async refresh() {
    this.#turns += 1;
    if (!this.#space || this.#turns % SPACES_EVERY_TURNS === 0) await this.refreshSpaces();
    await this.refreshMessages();
  }

  /** Bring the list of spaces up to date; open the first one if none is open. */
  async refreshSpaces() {
    const inView = this.#view();
    const rooms = await this.#webex.rooms();
    if (!inView()) return;
    this.#spaces = spacesOf(rooms, this.#people.bot);
    const open = this.#space && sameSpace(this.#spaces, this.#space);
    if (open && open.id === this.#space.id) this.#space = open;
    else this.#open(open ?? this.#spaces.find((space) => space.direct) ?? this.#spaces[0]);
    this.#spaceList.show(this.#spaces, this.#space);
  }

  /** Bring the messages of the open space up to date. */
  async refreshMessages() {
    const inView = this.#view();
    const turn = ++this.#asked;
    const messages = this.#space?.id ? await this.#webex.messages(this.#space.id) : [];
    if (!inView() || turn < this.#answered) return;
    this.#answered = turn;
    const scroller = find("scroller");
    const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
    const added = this.#messages.show(messages, this.#person);
    find("welcome").hidden = !this.#messages.isEmpty;
    reveal(added, atEnd);
  }

  /** A test whether the same person still looks at the same space, for when an answer arrives. */
  #view() {
    const webex = this.#webex;
    const id = this.#space?.id;
    return () => webex === this.#webex && id === this.#space?.id;
  }

  #open(space) {
    this.#space = space;
    this.#messages.clear();
    this.#composer.open(space);
    this.#spaceList.show(this.#spaces, space);
    drawSpaceHeader(find("space-header"), space, this.#webex);
    drawWelcome(find("welcome"), space, (text) => this.#composer.say(text));
    this.refreshMessages().catch(() => {});
  }

  async #post(message, file) {
    await this.#webex.postMessage(message, file);
    if (this.#space.id) await this.refreshMessages();
    else await this.refreshSpaces();
  }

  #messageActions() {
    return {
      submit: (message, inputs) => this.#webex.submitCard(message.id, inputs),
      reply: (message) => this.#composer.reply(message),
      nameOfFile: (address) => this.#webex.nameOfFile(address),
      download: (address) => this.#explain(this.#webex.file(address).then(saveFile)),
    };
  }

  #explain(work) {
    return work.catch((failure) => this.#composer.refuse(failure.message));
  }

  async #createSpace(event) {
    event.preventDefault();
    const title = event.target.elements.title.value.trim();
    if (!title) return;
    const room = await this.#webex.createSpace(title, [this.#people.bot.id]);
    event.target.reset();
    this.#open({ ...room, direct: false });
    await this.refreshSpaces();
  }
}

/** Scroll to what is new: always after one's own message, else only if the end of the conversation was in sight. */
function reveal(added, atEnd) {
  const last = added.at(-1);
  const mine = added.some((message) => "mine" in message.dataset);
  if (last && (atEnd || mine || inSight(last.parentElement))) last.scrollIntoView({ block: "nearest" });
}

function inSight(node) {
  const box = node.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
}

function find(id) {
  return document.getElementById(id);
}

function showTrouble(failure) {
  find("trouble").hidden = !failure;
  find("trouble").textContent = failure?.message ?? "";
}

async function start() {
  const people = new People(await listPeople());
  const page = new Page(people);
  find("loading").remove();
  const before = people.humans.find((person) => person.id === sessionStorage.getItem("person"));
  await page.become(before ?? people.humans[0]).catch(showTrouble);
  repeat(EVERY_MS, () => page.refresh(), showTrouble);
}

start().catch(showTrouble);
