// Build the extension and pack it into dist/thanosql-<version>.vsix.
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createVSIX } from "@vscode/vsce";
import { bundle, project, root } from "./build.mjs";
import { repository } from "./repository.mjs";

const dist = join(root, "dist");
/** What the package is made of, laid out as it will be. */
const stage = join(dist, "package");

rmSync(dist, { recursive: true, force: true });
await bundle();
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
layOut();
const packagePath = join(dist, `${manifest.name}-${manifest.version}.vsix`);
await createVSIX({ cwd: stage, packagePath, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
rmSync(stage, { recursive: true });
console.log(packagePath);

function layOut() {
  const ofProject = ["CHANGELOG.md", "LICENSE"];
  const folders = manifest.files.filter((name) => !ofProject.includes(name)).map((name) => (name.includes("*") ? dirname(name) : name));
  for (const name of folders) cpSync(join(root, name), join(stage, name), { recursive: true });
  for (const name of ofProject) cpSync(join(project, name), join(stage, name));
  const readme = readFileSync(join(root, "README.md"), "utf8");
  writeFileSync(join(stage, "README.md"), readme.replace(/(!\[[^\]]*\])\(([^):]+\.png)\)/g, (_, text, path) => `${text}(${inline(path)})`));
  writeFileSync(join(stage, "package.json"), JSON.stringify({ ...manifest, repository: repository(root) }, null, 2));
}

/** A picture inside the page: the package is read where no repository is at hand. */
function inline(path) {
  return `data:image/png;base64,${readFileSync(join(root, path)).toString("base64")}`;
}
