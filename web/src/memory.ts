// What the browser keeps: the ledger's id, the theme, and answers not yet sent.
import type { Answer } from "./protocol";

function read(storage: () => Storage, key: string): string | null {
  try {
    return storage().getItem(key);
  } catch {
    return null; // storage is refused in some private windows
  }
}

function write(storage: () => Storage, key: string, value: string | null): void {
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, value);
  } catch {
    // storage is refused in some private windows: the page works, it only forgets
  }
}

const local = (): Storage => localStorage;
const session = (): Storage => sessionStorage;

export const ledgerId = {
  get: (): string | null => read(local, "ironlaw.ledger"),
  set: (id: string): void => write(local, "ironlaw.ledger", id),
};

export const theme = {
  get: (): string | null => read(local, "ironlaw.theme"),
  set: (value: string | null): void => write(local, "ironlaw.theme", value),
};

/** Answers as typed so far, kept across re-renders and reloads of this tab. */
export class Drafts {
  private readonly key: string;
  private readonly answers: Record<string, Answer>;

  constructor(scope: string) {
    this.key = `ironlaw.draft.${scope}`;
    this.answers = JSON.parse(read(session, this.key) ?? "{}") as Record<string, Answer>;
  }

  get(question: string): Answer | undefined {
    return this.answers[question];
  }

  set(question: string, answer: Answer): void {
    this.answers[question] = answer;
    write(session, this.key, JSON.stringify(this.answers));
  }
}
