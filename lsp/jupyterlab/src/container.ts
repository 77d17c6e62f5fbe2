// A container of webpack's module federation, which is what JupyterLab loads extensions from.
// https://jupyterlab.readthedocs.io/en/stable/extension/extension_dev.html, "Prebuilt extensions"

/** What somebody offers of a package in one version. */
interface Offer {
  get: () => Promise<() => unknown>;
  loaded?: number | boolean;
}
type Scope = Record<string, Record<string, Offer>>;
type Main = (require: (name: string) => unknown, module: { exports: unknown }) => unknown;

function container(main: Main, packages: string[]) {
  let shared: Scope = {};
  return {
    /** JupyterLab says which packages it shares. */
    init: (scope: Scope): void => {
      shared = scope;
    },
    /** The module of that name is our only one. */
    get: async (): Promise<() => unknown> => {
      const factories = await Promise.all(packages.map((name) => offered(shared, name).get()));
      const loaded = new Map(packages.map((name, at) => [name, factories[at]!()]));
      const exports = main((name) => loaded.get(name), { exports: {} });
      return () => exports;
    },
  };
}

/** The version that is in use, else the newest: the rule of webpack for what there may be only one of. */
function offered(shared: Scope, name: string): Offer {
  const versions = Object.entries(shared[name] ?? {});
  const [best] = versions.sort(([a, one], [b, other]) => rank(other) - rank(one) || compare(b, a));
  if (!best) throw new Error(`JupyterLab offers no ${name}`);
  return best[1];
}

function rank(offer: Offer): number {
  return offer.loaded ? 1 : 0;
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

export { container };
