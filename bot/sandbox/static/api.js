/** The sandbox's public REST API, called with one person's token, as a Webex client would. */

const NO_ANSWER = "The sandbox does not answer. Start it again with “make sandbox”; this page goes on by itself.";

/** The API answered with an error, or not at all (status 0). The message is a sentence to show. */
export class RequestFailed extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The people one can act as, the bot among them: GET /sandbox/people. */
export async function listPeople() {
  return (await (await send("/sandbox/people", {})).json()).items;
}

export class Webex {
  #token;

  constructor(token) {
    this.#token = token;
  }

  /** The person's spaces, last active first: GET /rooms. */
  async rooms() {
    return (await this.#get("/v1/rooms?sortBy=lastactivity&max=100")).items;
  }

  /** The newest messages of a space, newest first: GET /messages. */
  async messages(roomId, max = 50) {
    return (await this.#get(`/v1/messages?${new URLSearchParams({ roomId, max })}`)).items;
  }

  /** Who is in a space: GET /memberships. */
  async memberships(roomId) {
    return (await this.#get(`/v1/memberships?${new URLSearchParams({ roomId })}`)).items;
  }

  /** Post a message, with a file (multipart) or without (JSON): POST /messages. */
  async postMessage(message, file) {
    return this.#post("/v1/messages", file ? multipart(message, file) : message);
  }

  /** Press a card's submit button: POST /attachment/actions. */
  async submitCard(messageId, inputs) {
    return this.#post("/v1/attachment/actions", { type: "submit", messageId, inputs });
  }

  /** A new group space with these people in it: POST /rooms, then POST /memberships for each. */
  async createSpace(title, personIds) {
    const room = await this.#post("/v1/rooms", { title });
    for (const personId of personIds) await this.#post("/v1/memberships", { roomId: room.id, personId });
    return room;
  }

  /** A file's name and bytes: GET /contents/{id}, from the address that a message names. */
  async file(address) {
    const response = await this.#send(new URL(address, location.origin).pathname, {});
    return { name: fileName(response), blob: await response.blob() };
  }

  /** A file's name alone: HEAD /contents/{id}. */
  async nameOfFile(address) {
    return fileName(await this.#send(new URL(address, location.origin).pathname, { method: "HEAD" }));
  }

  #get(path) {
    return this.#send(path, {}).then((response) => response.json());
  }

  #post(path, body) {
    const json = !(body instanceof FormData);
    const headers = json ? { "Content-Type": "application/json" } : {};
    const options = { method: "POST", headers, body: json ? JSON.stringify(body) : body };
    return this.#send(path, options).then((response) => response.json());
  }

  #send(path, options) {
    return send(path, { ...options, headers: { ...options.headers, Authorization: `Bearer ${this.#token}` } });
  }
}

async function send(path, options) {
  const response = await fetch(path, options).catch(() => {
    throw new RequestFailed(0, NO_ANSWER);
  });
  if (!response.ok) throw new RequestFailed(response.status, await sentence(response));
  return response;
}

async function sentence(response) {
  const body = await response.json().catch(() => ({}));
  const tracking = body.trackingId ? ` (tracking id ${body.trackingId})` : "";
  return `${body.message ?? `The sandbox answered with status ${response.status}.`}${tracking}`;
}

function multipart(message, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(message)) form.append(name, value);
  form.append("files", file, file.name);
  return form;
}

function fileName(response) {
  const disposition = response.headers.get("Content-Disposition") ?? "";
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  return encoded ? decodeURIComponent(encoded) : /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? "Attachment";
}
