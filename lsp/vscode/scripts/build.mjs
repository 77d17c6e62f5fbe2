// Bundle the extension into dist/extension.js, with the licences of what is in it beside it.
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const project = join(root, "..", "..");

export async function bundle() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    bundle: true,
    external: ["vscode"],
    format: "cjs",
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    logLevel: "warning",
  });
  writeFileSync(join(root, "dist", "ThirdPartyNotices.txt"), notices(packagesIn(metafile)));
  copyFileSync(join(project, "kernelspec", "logo-svg.svg"), join(root, "dist", "logo.svg"));
}

/** The folders of the packages that a bundle took files from. */
function packagesIn(metafile) {
  const folders = Object.keys(metafile.inputs).map((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]);
  return [...new Set(folders.filter(Boolean))].sort();
}

function notices(folders) {
  const parts = folders.map((folder) => {
    const about = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const name = readdirSync(join(root, folder)).find((file) => /^licen[cs]e/i.test(file));
    if (!name) throw new Error(`${about.name} has no licence file`);
    return `${about.name} ${about.version} (${about.license})\n\n${readFileSync(join(root, folder, name), "utf8").trim()}\n`;
  });
  return ["This extension contains the following packages.\n", ...parts].join(`\n${"-".repeat(80)}\n\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
