/** Replaces the global `fetch` by fakes, by host. `jest.restoreAllMocks` takes it back. */
export function mockHosts(hosts: Readonly<Record<string, typeof fetch>>): void {
  jest.spyOn(globalThis, "fetch").mockImplementation((url, init) => {
    const host = hosts[new URL(`${url}`).host];
    if (!host) throw new Error(`nothing is at ${url}`);
    return host(url, init);
  });
}
