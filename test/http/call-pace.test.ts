import { CallPace } from "../../lib/http/call-pace";
import { HeldClock } from "../support/fakes/held-clock";
import { SleepDiary } from "../support/fakes/scripted-fetch";

async function take(pace: CallPace, count: number): Promise<void> {
  for (let number = 0; number < count; number++) await pace.take();
}

test("280 requests begin at once, and the next one a minute after the first", async () => {
  const clock = new SleepDiary();
  const pace = new CallPace(clock);
  await take(pace, 280);
  expect(clock.sleeps).toEqual([]);
  await take(pace, 1);
  expect(clock.sleeps).toEqual([60_000]);
});

test("in no minute more requests begin, however they came", async () => {
  const clock = new SleepDiary();
  const pace = new CallPace(clock, 30);
  const begun: number[] = [];
  for (let number = 0; number < 500; number++) {
    clock.advance((number * 7919) % 3_000);
    await pace.take();
    begun.push(clock.now());
  }
  const perMinute = begun.map(
    (start) => begun.filter((time) => time >= start && time < start + 60_000).length,
  );
  expect(Math.max(...perMinute)).toBe(30);
});

test("waiting calls are served in the order in which they came", async () => {
  const clock = new HeldClock();
  const pace = new CallPace(clock, 2);
  const start = clock.now();
  const served: string[] = [];
  const waiters = ["first", "second", "third", "fourth", "fifth"].map(async (name) => {
    await pace.take();
    served.push(`${name} after ${clock.now() - start} ms`);
  });
  await clock.run(Promise.all(waiters));
  expect(served).toEqual([
    "first after 0 ms",
    "second after 0 ms",
    "third after 60000 ms",
    "fourth after 60000 ms",
    "fifth after 120000 ms",
  ]);
});

test("a pause lets all calls wait until it ends, and allows no burst after it", async () => {
  const clock = new SleepDiary();
  const pace = new CallPace(clock, 300);
  pace.pause(3_000);
  await take(pace, 3);
  expect(clock.sleeps).toEqual([3_000, 200, 200]);
});

test("a refusal that asks for no wait allows no burst after it either", async () => {
  const clock = new SleepDiary();
  const pace = new CallPace(clock, 300);
  pace.pause(0);
  await take(pace, 3);
  expect(clock.sleeps).toEqual([200, 200]);
});

test("simultaneous pauses are one pause, the longest", async () => {
  const clock = new SleepDiary();
  const pace = new CallPace(clock);
  for (const milliseconds of [2_000, 5_000, 1_000]) pace.pause(milliseconds);
  await take(pace, 1);
  expect(clock.sleeps).toEqual([5_000]);
});
