/** Returns a copy of an event with another value at a path; undefined removes the field. */
export function changed<Event>(event: Event, path: string, value: unknown): Event {
  const copy = structuredClone(event);
  const names = path.split(".");
  const last = names.pop() as string;
  const parent = names.reduce<Record<string, unknown>>(
    (at, name) => {
      at[name] ??= {};
      return at[name] as Record<string, unknown>;
    },
    copy as Record<string, unknown>,
  );
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}
