/** Objects in an order in which each comes after those that it needs. */
export interface DependencyOrder {
  readonly order: readonly string[];
  /** Groups of objects that need each other in a circle, or an object that needs itself. */
  readonly circles: readonly (readonly string[])[];
}

/**
 * Sorts objects by what they need; else they keep their order. Objects in a circle follow each other.
 *
 * @param needs the keys that each key needs, in the order of the keys. Others are ignored.
 */
export function dependencyOrder(needs: ReadonlyMap<string, readonly string[]>): DependencyOrder {
  // Tarjan's algorithm, with a stack of its own: chains of thousands of objects are possible.
  const order: string[] = [];
  const circles: string[][] = [];
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const visit = (start: string): void => {
    const steps: { readonly key: string; next: number }[] = [];
    const enter = (key: string) => {
      numbers.set(key, numbers.size);
      lowest.set(key, numbers.get(key) ?? 0);
      open.push(key);
      isOpen.add(key);
      steps.push({ key, next: 0 });
    };
    enter(start);
    while (steps.length > 0) {
      const step = steps[steps.length - 1] as { readonly key: string; next: number };
      const wanted = needs.get(step.key) ?? [];
      const key = wanted[step.next];
      if (key !== undefined) {
        step.next += 1;
        if (!needs.has(key)) continue;
        if (!numbers.has(key)) enter(key);
        else if (isOpen.has(key)) lower(lowest, step.key, numbers.get(key));
        continue;
      }
      steps.pop();
      const parent = steps[steps.length - 1];
      if (parent) lower(lowest, parent.key, lowest.get(step.key));
      if (lowest.get(step.key) !== numbers.get(step.key)) continue;
      const group = open.splice(open.lastIndexOf(step.key));
      for (const member of group) isOpen.delete(member);
      if (group.length > 1 || wanted.includes(step.key)) circles.push(group);
      order.push(...group);
    }
  };
  for (const key of needs.keys()) if (!numbers.has(key)) visit(key);
  return { order, circles };
}

function lower(lowest: Map<string, number>, key: string, value = Number.POSITIVE_INFINITY): void {
  lowest.set(key, Math.min(lowest.get(key) ?? value, value));
}
