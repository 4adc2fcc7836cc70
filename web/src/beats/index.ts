// Which screen paints which beat.
import type { ScreenKinds } from "../screen";
import { ledger } from "./ledger";
import { lock } from "./lock";
import { reflect } from "./reflect";
import { reveal } from "./reveal";
import { story } from "./story";
import { tracks } from "./tracks";
import { workbench } from "./workbench";

export const screens: ScreenKinds = { tracks, story, lock, workbench, reveal, reflect, ledger };
