import { copy, type ObjectValue, type Value } from "./value";

/** Keeps objects in memory, separately for each scope. */
export class ScopedStore {
  private readonly objects = new Map<string, Map<string, ObjectValue>>();
  private readonly counts = new Map<string, number>();

  get(scope: string, type: string, id: Value | undefined): ObjectValue | undefined {
    return this.folder(scope, type).get(String(id));
  }

  put(scope: string, type: string, id: Value | undefined, object: ObjectValue): void {
    this.folder(scope, type).set(String(id), copy(object));
  }

  delete(scope: string, type: string, id: Value | undefined): void {
    this.folder(scope, type).delete(String(id));
  }

  all(scope: string, type: string): Iterable<ObjectValue> {
    return this.folder(scope, type).values();
  }

  /** Returns how many times it was called with this name before. */
  count(name: string): number {
    const before = this.counts.get(name) ?? 0;
    this.counts.set(name, before + 1);
    return before;
  }

  private folder(scope: string, type: string): Map<string, ObjectValue> {
    const key = JSON.stringify([scope, type]);
    const known = this.objects.get(key);
    if (known) return known;
    const folder = new Map<string, ObjectValue>();
    this.objects.set(key, folder);
    return folder;
  }
}
