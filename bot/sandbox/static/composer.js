/** The box to write in: Enter sends; a file, a thread and a mention of the bot can go with the text. */

// Where one touches, a focused box would bring up the keyboard over the conversation.
const HAS_KEYBOARD = matchMedia("(hover: hover)").matches;

export class Composer {
  #form;
  #bot;
  #post;
  #space;
  #thread;
  #sending = Promise.resolve();

  /** `post(message, file)` sends what is described by the API's fields, and rejects with a sentence where it fails. */
  constructor(form, bot, post) {
    this.#form = form;
    this.#bot = bot;
    this.#post = post;
    form.addEventListener("submit", (event) => this.#submit(event));
    form.elements.text.addEventListener("keydown", (event) => this.#key(event));
    form.elements.text.addEventListener("input", () => this.#refresh());
    form.elements.file.addEventListener("change", () => this.#refresh());
    this.#chip("replying").querySelector("button").addEventListener("click", () => this.reply(undefined));
    this.#chip("attached").querySelector("button").addEventListener("click", () => this.#detach());
  }

  /** Write to this space from now on. */
  open(space) {
    this.#space = space;
    this.#form.elements.text.placeholder = `Write to ${space.title}`;
    this.#form.querySelector("#mention").hidden = space.direct;
    this.refuse("");
    this.reply(undefined);
    if (HAS_KEYBOARD) this.#form.elements.text.focus();
  }

  /** Write into the thread of this message, or outside threads. */
  reply(thread) {
    this.#thread = thread;
    this.#refresh();
    if (thread) this.#form.elements.text.focus();
  }

  /** Send a text as if it had been typed. */
  say(text) {
    this.#form.elements.text.value = text;
    this.#form.elements.text.focus();
    this.#form.requestSubmit();
  }

  /** Say what did not work, below the box; "" takes it away. */
  refuse(sentence) {
    const refusal = this.#form.querySelector("#refusal");
    refusal.hidden = !sentence;
    refusal.textContent = sentence;
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const { text, file } = this.#form.elements;
    if (!text.value.trim() && !file.files.length) return;
    const draft = { message: this.#message(text.value.trim()), file: file.files[0], typed: text.value };
    this.#form.elements.text.value = "";
    this.#detach();
    this.reply(undefined);
    this.#sending = this.#sending.then(() => this.#deliver(draft));
  }

  async #deliver(draft) {
    try {
      await this.#post(draft.message, draft.file);
      this.refuse("");
    } catch (failure) {
      this.refuse(failure.message);
      this.#form.elements.text.value ||= draft.typed;
      this.#refresh();
    }
  }

  #message(typed) {
    const to = this.#space.id ? { roomId: this.#space.id } : { toPersonEmail: this.#bot.emails[0] };
    const thread = this.#thread ? { parentId: this.#thread.rootId } : {};
    return { ...to, ...thread, ...this.#words(typed) };
  }

  #words(typed) {
    const mentions = !this.#space.direct && this.#form.elements.mention.checked;
    if (mentions) return { markdown: `<@personId:${this.#bot.id}|${this.#bot.displayName}> ${withLineBreaks(typed)}` };
    return typed ? { text: typed } : {};
  }

  #detach() {
    this.#form.elements.file.value = "";
    this.#refresh();
  }

  #refresh() {
    const { text, file } = this.#form.elements;
    this.#form.querySelector(".send").disabled = !text.value.trim() && !file.files.length;
    this.#show("attached", file.files[0]?.name);
    this.#show("replying", this.#thread && `Reply to ${this.#thread.sender}`);
  }

  #show(id, sentence) {
    this.#chip(id).hidden = !sentence;
    this.#chip(id).firstElementChild.textContent = sentence ?? "";
  }

  #chip(id) {
    return this.#form.querySelector(`#${id}`);
  }
}

/** In Webex markdown a line ends with two spaces. */
function withLineBreaks(typed) {
  return typed.replaceAll("\n", "  \n");
}
