// A trace of one's own: dropped or picked, sent to this machine's engine, read there, and shown in the workbench.
import { h, setText } from "../instruments/shared/html";
import { si } from "../instruments/shared/format";
import type { AuditBench, Message } from "../protocol";

interface Reply {
  trace?: string;
  message?: string;
}

function replyOf(request: XMLHttpRequest): Reply {
  try {
    return JSON.parse(request.responseText) as Reply;
  } catch {
    return {}; // a proxy's page, or nothing
  }
}

export class TraceDrop {
  readonly element: HTMLElement;
  private readonly input = h("input", { type: "file", id: "trace-file", class: "sr", accept: ".json,.gz,.sqlite,.csv", "data-action": "trace" });
  private readonly state = h("p", { class: "drop-state", role: "status" });
  private readonly problem = h("p", { class: "problem", role: "alert" });
  private readonly bar = h("progress", { max: 1, "aria-label": "Sending the trace", hidden: true });
  private readonly zone: HTMLElement;
  private running: XMLHttpRequest | null = null;
  private shown = "";

  constructor(private readonly send: (message: Message) => void) {
    const pick = h("label", { class: "quiet pick", for: "trace-file" }, "Choose a file …");
    const words = h("p", {}, "Drop a trace here, or choose one. PyTorch profiler or Perfetto JSON (also gzipped), Nsight Systems SQLite, trtexec times. It is looked at, not graded, and never leaves this machine.");
    this.zone = h("div", { class: "drop-zone" }, words, this.input, pick, this.bar, this.state, this.problem);
    this.element = h("section", { class: "trace-drop", "aria-label": "A trace of your own" }, h("h2", {}, "A trace of your own"), this.zone);
    this.input.addEventListener("change", () => this.take(this.input.files));
    this.zone.addEventListener("dragover", (event) => this.over(event));
    this.zone.addEventListener("dragleave", () => delete this.zone.dataset.over);
    this.zone.addEventListener("drop", (event) => {
      event.preventDefault();
      delete this.zone.dataset.over;
      this.take(event.dataTransfer?.files ?? null);
    });
  }

  paint({ source }: AuditBench): void {
    const now = source.kind === "file" ? source.name : "";
    if (now === this.shown && this.bar.hidden) return;
    this.shown = now;
    this.bar.hidden = true;
    setText(this.state, "");
  }

  refuse(field: string, message: string): boolean {
    if (field !== "trace") return false;
    this.fail(message);
    return true;
  }

  stop(): void {
    this.running?.abort();
  }

  private over(event: DragEvent): void {
    event.preventDefault();
    this.zone.dataset.over = "true";
  }

  private take(files: FileList | null): void {
    const file = files?.[0];
    if (!file) return;
    this.running?.abort();
    setText(this.problem, "");
    this.bar.hidden = false;
    this.bar.value = 0;
    setText(this.state, `Sending ${file.name}, ${si(file.size, "B")} …`);
    const request = new XMLHttpRequest();
    this.running = request;
    request.open("POST", "trace");
    request.setRequestHeader("X-Name", encodeURIComponent(file.name));
    request.upload.addEventListener("progress", ({ loaded, total }) => (this.bar.value = total > 0 ? loaded / total : 0));
    request.upload.addEventListener("load", () => {
      this.bar.removeAttribute("value"); // how long the reading takes is not known
      setText(this.state, `Reading ${file.name} …`);
    });
    request.addEventListener("load", () => this.answered(request));
    request.addEventListener("error", () => this.fail("The engine does not answer. The file was not read."));
    request.send(file);
    this.input.value = "";
  }

  private answered(request: XMLHttpRequest): void {
    const { trace, message } = replyOf(request);
    if (request.status === 200 && trace) this.send({ type: "load", trace });
    else this.fail(message ?? `The engine refused the file (${request.status}).`);
  }

  private fail(message: string): void {
    this.bar.hidden = true;
    setText(this.state, "");
    setText(this.problem, message);
  }
}
