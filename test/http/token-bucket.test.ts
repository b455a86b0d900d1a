import { TokenBucket } from "../../lib/http/token-bucket";
import { HeldClock } from "../support/fakes/held-clock";
import { SleepDiary } from "../support/fakes/scripted-fetch";

async function take(bucket: TokenBucket, count: number): Promise<void> {
  for (let number = 0; number < count; number++) await bucket.take();
}

test("300 requests are sent at once, and those after them every 200 ms", async () => {
  const clock = new SleepDiary();
  const bucket = new TokenBucket(clock);
  await take(bucket, 300);
  expect(clock.sleeps).toEqual([]);
  await take(bucket, 3);
  expect(clock.sleeps).toEqual([200, 200, 200]);
});

test("time without requests gives tokens back, and never more than 300", async () => {
  const clock = new SleepDiary();
  const bucket = new TokenBucket(clock);
  await take(bucket, 300);
  clock.advance(10_000);
  await take(bucket, 50);
  expect(clock.sleeps).toEqual([]);
  clock.advance(3_600_000);
  await take(bucket, 301);
  expect(clock.sleeps).toEqual([200]);
});

test("waiting calls are served in the order in which they came, one after the other", async () => {
  const clock = new HeldClock();
  const bucket = new TokenBucket(clock, 60);
  await take(bucket, 60);
  const start = clock.now();
  const served: string[] = [];
  const waiters = ["first", "second", "third"].map(async (name) => {
    await bucket.take();
    served.push(`${name} after ${clock.now() - start} ms`);
  });
  await clock.run(Promise.all(waiters));
  expect(served).toEqual(["first after 1000 ms", "second after 2000 ms", "third after 3000 ms"]);
});

test("a pause lets all calls wait until it ends, and allows no burst after it", async () => {
  const clock = new SleepDiary();
  const bucket = new TokenBucket(clock);
  bucket.pause(3_000);
  await take(bucket, 3);
  expect(clock.sleeps).toEqual([3_000, 200, 200]);
});

test("simultaneous pauses are one pause, the longest", async () => {
  const clock = new SleepDiary();
  const bucket = new TokenBucket(clock);
  for (const milliseconds of [2_000, 5_000, 1_000]) bucket.pause(milliseconds);
  await take(bucket, 1);
  expect(clock.sleeps).toEqual([5_000]);
});
