// Runs digits.py in Pyodide: node run.mjs PYODIDE_FOLDER REPOSITORY. What it prints goes to standard output.
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [folder, repository] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: folder });
python.mountNodeFS("/src", join(repository, "src"));
python.mountNodeFS("/digits", join(repository, "tests/lab/pyodide"));
try {
  python.runPython(`
import runpy, sys
sys.dont_write_bytecode = True
sys.path.insert(0, "/src")
runpy.run_path("/digits/digits.py", run_name="__main__")
`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
