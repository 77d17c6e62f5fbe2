// Build the extension and pack it into dist/thanosql-<version>.vsix.
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createVSIX } from "@vscode/vsce";
import { bundle, project, root } from "./build.mjs";

rmSync(join(root, "dist"), { recursive: true, force: true });
await bundle();
for (const name of ["CHANGELOG.md", "LICENSE"]) copyFileSync(join(project, name), join(root, name));
const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const packagePath = join(root, "dist", `${name}-${version}.vsix`);
await createVSIX({ cwd: root, packagePath, dependencies: false, allowMissingRepository: true });
console.log(packagePath);
