// The line to the engine: one request in flight, the latest turn wins, and it dials again when the line drops.
import { ledgerId } from "./memory";
import type { Message, Reply, View } from "./protocol";

export interface Listener {
  view(view: View, last: boolean): void; // last: no turn is waiting behind this view
  error(field: string, message: string): void;
  connected(connected: boolean): void;
}

type Turn = Extract<Message, { type: "turn" }>;

const firstDelay = 400;
const longestDelay = 8000;

function address(): string {
  const { protocol, host, pathname } = location;
  const folder = pathname.slice(0, pathname.lastIndexOf("/") + 1);
  return `${protocol === "https:" ? "wss" : "ws"}://${host}${folder}ws`;
}

export class Engine {
  private socket: WebSocket | null = null;
  private nextId = 1;
  private inFlight: { id: number; message: Message } | null = null;
  private queue: Message[] = [];
  private turn: Turn | null = null;
  private delay = firstDelay;

  constructor(private readonly listener: Listener) {
    this.connect();
  }

  send(message: Message): void {
    if (message.type === "turn") this.turn = this.merged(message);
    else {
      if (this.turn) this.queue.push(this.turn); // what was turned before stands before what is asked now
      this.turn = null;
      this.queue.push(message);
    }
    this.pump();
  }

  /** Turns that wait become one: the latest value of each knob. */
  private merged(turn: Turn): Turn {
    if (!this.turn) return turn;
    return { ...turn, knobs: { ...this.turn.knobs, ...turn.knobs }, settled: this.turn.settled || turn.settled };
  }

  private connect(): void {
    const socket = new WebSocket(address());
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.delay = firstDelay;
      this.listener.connected(true);
      this.transmit({ type: "hello", ledger: ledgerId.get() });
    });
    socket.addEventListener("message", (event) => this.receive(JSON.parse(String(event.data)) as Reply));
    socket.addEventListener("close", () => this.dropped());
  }

  private dropped(): void {
    this.socket = null;
    const lost = this.inFlight?.message;
    this.inFlight = null;
    if (lost?.type === "turn") this.turn = this.turn ? { ...this.turn, knobs: { ...lost.knobs, ...this.turn.knobs } } : lost;
    this.listener.connected(false);
    setTimeout(() => this.connect(), this.delay);
    this.delay = Math.min(this.delay * 2, longestDelay);
  }

  private transmit(message: Message): void {
    const id = this.nextId++;
    this.inFlight = { id, message };
    this.socket?.send(JSON.stringify({ id, ...message }));
  }

  private pump(): void {
    if (this.inFlight || this.socket?.readyState !== WebSocket.OPEN) return;
    const message = this.queue.shift();
    if (message) this.transmit(message);
    else if (this.turn) {
      const turn = this.turn;
      this.turn = null;
      this.transmit(turn);
    }
  }

  private receive(reply: Reply): void {
    if (this.inFlight && reply.id !== this.inFlight.id) return;
    this.inFlight = null;
    if (reply.type === "view") {
      ledgerId.set(reply.view.ledger.id);
      this.listener.view(reply.view, this.turn === null);
    } else this.listener.error(reply.field, reply.message);
    this.pump();
  }
}
