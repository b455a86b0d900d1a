/** Requests of code that knows only the real addresses, sent elsewhere. */
export interface RoutedFetch {
  /** Addresses that were asked for and have no route. Code that tries again hides the error. */
  readonly refused: string[];
  restore(): void;
}

/**
 * Replaces the global `fetch`: nothing leaves but along a route.
 * @param routes where an origin's requests go, for example `https://api.mypurecloud.com`
 */
export function routeFetch(routes: Readonly<Record<string, string>>): RoutedFetch {
  const real = globalThis.fetch;
  const refused: string[] = [];
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { origin, pathname, search } = new URL(request.url);
    const to = routes[origin];
    if (to === undefined) {
      refused.push(`${request.method} ${origin}${pathname}`);
      throw new TypeError(`${origin} has no route: nothing is sent`);
    }
    return real(`${to}${pathname}${search}`, init);
  };
  return {
    refused,
    restore: () => {
      globalThis.fetch = real;
    },
  };
}
