// Build the extension that JupyterLab loads, into labextension/ or the folder that is named. The same sources give the same bytes.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = resolve(process.argv[2] ?? join(root, "labextension"));
const about = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Our code as one CommonJS module, and the packages of JupyterLab that it asks for. */
async function bundle() {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["src/index.ts"],
    bundle: true,
    // None of another's code is in it.
    packages: "external",
    format: "cjs",
    target: "es2022",
    charset: "utf8",
    write: false,
    metafile: true,
    logLevel: "warning",
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return { code: outputFiles[0].text, packages: [...new Set(imports.map(({ path }) => path))].sort() };
}

/** What JupyterLab loads: our code in a container as webpack's module federation makes them. */
async function container() {
  const { code, packages } = await bundle();
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["src/container.ts"],
    format: "esm",
    target: "es2022",
    charset: "utf8",
    write: false,
  });
  const [helper] = outputFiles[0].text.split(/^export /m);
  return `(() => {
${helper}
const main = (require, module) => {
${code}
return module.exports;
};
(globalThis._JUPYTERLAB ??= {})[${JSON.stringify(about.name)}] = container(main, ${JSON.stringify(packages)});
})();
`;
}

function write(name, text) {
  mkdirSync(join(out, name, ".."), { recursive: true });
  writeFileSync(join(out, name), text);
}

const text = await container();
// Browsers keep the file as long as it has this name.
const load = `static/remoteEntry.${createHash("sha256").update(text).digest("hex").slice(0, 20)}.js`;
const { name, version, description, license } = about;
const built = { name, version, description, license, jupyterlab: { extension: true, _build: { load, extension: "./extension" } } };
const install = { packageManager: "python", packageName: "thanosql-kernel", uninstallInstructions: "pip uninstall thanosql-kernel" };
rmSync(out, { recursive: true, force: true });
write(load, text);
write("package.json", `${JSON.stringify(built, null, 2)}\n`);
write("install.json", `${JSON.stringify(install, null, 2)}\n`);
