import { TokenBucket } from "../../lib/genesys/token-bucket";
import { FakeClock } from "../support/fakes/fake-clock";

test("as many requests as a minute has are sent at once, and then one by one", async () => {
  const clock = new FakeClock();
  const start = clock.now();
  const bucket = new TokenBucket(clock, 300);
  for (let request = 0; request < 300; request++) await bucket.take();
  expect(clock.now() - start).toBe(0);
  for (let request = 0; request < 300; request++) await bucket.take();
  expect(clock.now() - start).toBeCloseTo(60_000, 0);
});

test("a minute without requests allows as many at once again, and not more", async () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(clock, 10);
  for (let request = 0; request < 10; request++) await bucket.take();
  clock.advance(10 * 60_000);
  const start = clock.now();
  for (let request = 0; request < 10; request++) await bucket.take();
  expect(clock.now()).toBe(start);
  await bucket.take();
  expect(clock.now() - start).toBe(6_000);
});

test("those who wait at the same time are served one after the other", async () => {
  const clock = new FakeClock();
  const waited: number[] = [];
  const waiting = { now: () => clock.now(), sleep: async (time: number) => void waited.push(time) };
  const bucket = new TokenBucket(waiting, 60);
  await Promise.all(Array.from({ length: 63 }, () => bucket.take()));
  expect(waited).toEqual([1_000, 2_000, 3_000]);
});
