// The workbench: one claim, one chart, its controls, and beside them the gauges and the next step.
import { BenchView } from "../bench/bench";
import { type ScreenKind, scopeOf } from "../screen";
import { NextStep } from "../shell/next_step";

export const workbench: ScreenKind<"workbench"> = {
  key: scopeOf,
  open(_view, stage) {
    const bench = new BenchView(stage.send, "h1");
    const next = new NextStep(stage.send);
    stage.main.append(bench.element);
    stage.aside.hidden = false;
    stage.aside.append(bench.gauges, next.element);
    return {
      paint(view, last) {
        bench.paint(view.content, last);
        next.paint(view.next);
      },
      refuse: (field, message) => bench.refuse(field, message),
      stop: () => bench.stop(),
    };
  },
};
