// Builds the page and its instruments into src/ironlaw/faces/static/ under fixed names.
// Each instrument is built alone, so that it is one self-contained file for the page and for a notebook.
import { copyFileSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transformWithEsbuild } from "vite";

const root = dirname(fileURLToPath(import.meta.url));
const outDir = resolve(root, "../src/ironlaw/faces/static");
export const instruments = ["roofline", "gauges", "law", "math_peek", "waterfall", "fusion_graph", "frames", "lanes", "cache_map", "curve", "meter", "optimizations", "round", "thermal"];

const common = {
  root,
  configFile: false,
  publicDir: false,
  logLevel: "warn",
  base: "./",
};

const target = { target: "es2022", cssTarget: "chrome123", sourcemap: false, emptyOutDir: false, modulePreload: false };

async function buildPage() {
  await build({
    ...common,
    build: {
      ...target,
      outDir,
      cssCodeSplit: false,
      rollupOptions: {
        input: resolve(root, "index.html"),
        external: /^#instruments\//,
        output: {
          entryFileNames: "lab.js",
          assetFileNames: "lab[extname]",
          inlineDynamicImports: true,
          paths: (id) => id.replace(/^#instruments\/(.*)$/, "./instruments/$1.js"),
        },
      },
    },
  });
}

// Vite keeps the line breaks of a library, for bundlers that read it further; an instrument is read by browsers alone.
const compact = {
  name: "compact",
  renderChunk: { order: "post", handler: (code) => transformWithEsbuild(code, "instrument.js", { minify: true, target: target.target, sourcemap: false }) },
};

async function buildInstrument(name) {
  await build({
    ...common,
    plugins: [compact],
    build: {
      ...target,
      outDir: resolve(outDir, "instruments"),
      minify: "esbuild",
      lib: { entry: resolve(root, `src/instruments/${name}/index.ts`), formats: ["es"], fileName: () => `${name}.js` },
    },
  });
}

rmSync(outDir, { recursive: true, force: true });
await buildPage();
for (const name of instruments) await buildInstrument(name);
copyFileSync(resolve(root, "public/theme.js"), resolve(outDir, "theme.js"));
