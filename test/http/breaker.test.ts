import { Breaker } from "../../lib/http/breaker";
import { FakeClock } from "../support/fakes/fake-clock";

let clock: FakeClock;
let breaker: Breaker;

beforeEach(() => {
  clock = new FakeClock();
  breaker = new Breaker(clock);
});

function call(failed: boolean): void {
  breaker.end(failed, breaker.begin());
}

function calls(good: number, failed: number): void {
  for (let number = 0; number < good; number++) call(false);
  for (let number = 0; number < failed; number++) call(true);
}

test("19 calls that all fail leave it closed, the 20th opens it", () => {
  calls(0, 19);
  expect(breaker.wait).toBe(0);
  call(true);
  expect(breaker.wait).toBe(30_000);
});

test("5.0 % of failures leave it closed, more opens it", () => {
  calls(19, 1);
  expect(breaker.wait).toBe(0);
  call(true);
  expect(breaker.wait).toBe(30_000);
});

test("failures older than 60 s do not count, however few calls came since", () => {
  calls(0, 19);
  clock.advance(59_999);
  call(false);
  expect(breaker.wait).toBe(30_000);

  breaker = new Breaker(clock);
  calls(0, 19);
  clock.advance(60_000);
  calls(0, 19);
  expect(breaker.wait).toBe(0);
});

test("a few calls a minute never add up", () => {
  for (let minute = 0; minute < 100; minute++) {
    calls(0, 5);
    clock.advance(20_000);
  }
  expect(breaker.wait).toBe(0);
});

test("it stays open for 30 s", () => {
  calls(0, 20);
  clock.advance(29_999);
  expect(breaker.wait).toBe(1);
  clock.advance(1);
  expect(breaker.wait).toBe(0);
});

test("after that one call is the probe, and all others are refused until it ends", () => {
  calls(0, 20);
  clock.advance(30_000);
  breaker.begin();
  expect(breaker.wait).toBeGreaterThan(0);
  clock.advance(10_000);
  expect(breaker.wait).toBeGreaterThan(0);
});

test("when the probe fails, it is open for another 30 s", () => {
  calls(0, 20);
  clock.advance(30_000);
  call(true);
  expect(breaker.wait).toBe(30_000);
  clock.advance(30_000);
  expect(breaker.wait).toBe(0);
});

test("when the probe succeeds, it is closed, and starts to count anew", () => {
  calls(0, 20);
  clock.advance(30_000);
  call(false);
  expect(breaker.wait).toBe(0);
  calls(0, 19);
  expect(breaker.wait).toBe(0);
  call(true);
  expect(breaker.wait).toBe(30_000);
});

test("calls from before it opened neither keep it open for longer nor close it", () => {
  const early = Array.from({ length: 23 }, () => breaker.begin());
  for (const probe of early.slice(3)) breaker.end(true, probe);
  clock.advance(15_000);
  breaker.end(true, false);
  expect(breaker.wait).toBe(15_000);
  clock.advance(15_000);
  const probe = breaker.begin();
  breaker.end(false, false);
  expect(breaker.wait).toBeGreaterThan(0);
  breaker.end(true, probe);
  expect(breaker.wait).toBe(30_000);
});
