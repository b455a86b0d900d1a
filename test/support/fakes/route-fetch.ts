/** Sends requests elsewhere, for code that knows the real addresses only. */
export interface RoutedFetch {
  /** Requested addresses without a route. Code that retries hides the error. */
  readonly refused: string[];
  restore(): void;
}

/**
 * Replaces the global `fetch`. Requests are sent along a route, or refused.
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
