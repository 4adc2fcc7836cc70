// Writes bundle.lock.json: the hash of every source file and of every built file, so that CI can tell without Node
// whether the committed bundle belongs to the committed sources.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(fileURLToPath(import.meta.url));
const repository = resolve(web, "..");
const built = resolve(repository, "src/ironlaw/faces/static");
const skipped = new Set(["node_modules", "__pycache__", "bundle.lock.json"]);

function files(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)]));
}

function hashes(folder) {
  const byPath = files(folder).map((file) => [
    relative(repository, file).split(sep).join("/"),
    createHash("sha256").update(readFileSync(file)).digest("hex"),
  ]);
  return Object.fromEntries(byPath.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

const lock = { inputs: hashes(web), outputs: hashes(built) };
writeFileSync(join(built, "bundle.lock.json"), `${JSON.stringify(lock, null, 1)}\n`);
