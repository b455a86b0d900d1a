// Loaded before a command (`node --require`): sends its requests to other servers, by FETCH_ROUTES, a JSON
// object from origins to addresses.
const routes = JSON.parse(process.env.FETCH_ROUTES);
const { fetch } = globalThis;

globalThis.fetch = (url, init) => {
  const { origin, pathname, search } = new URL(url);
  return fetch(origin in routes ? `${routes[origin]}${pathname}${search}` : url, init);
};
