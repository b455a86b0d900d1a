import { Breaker } from "../../lib/genesys/breaker";
import { FakeClock } from "../support/fakes/fake-clock";

function scene() {
  const clock = new FakeClock();
  const breaker = new Breaker(clock);
  const calls = (good: number, bad = 0) => {
    for (let call = 0; call < good + bad; call++) {
      breaker.begin();
      breaker.end(call >= good);
    }
  };
  return { clock, breaker, calls };
}

test("a few calls say nothing, even if all have failed", () => {
  const { breaker, calls } = scene();
  calls(0, 19);
  expect(breaker.wait).toBe(0);
  calls(0, 1);
  expect(breaker.wait).toBe(30_000);
});

test("5 % of failures are borne, and more are not", () => {
  const { breaker, calls } = scene();
  calls(38, 2);
  expect(breaker.wait).toBe(0);
  calls(0, 1);
  expect(breaker.wait).toBe(30_000);
});

test("failures older than a minute do not count, however few calls there were since", () => {
  const { clock, breaker, calls } = scene();
  calls(0, 19);
  clock.advance(61_000);
  calls(18, 0);
  calls(0, 1);
  expect(breaker.wait).toBe(0);
});

describe("after 30 seconds", () => {
  const open = () => {
    const opened = scene();
    opened.calls(0, 20);
    opened.clock.advance(29_999);
    expect(opened.breaker.wait).toBe(1);
    opened.clock.advance(1);
    expect(opened.breaker.wait).toBe(0);
    opened.breaker.begin();
    return opened;
  };

  test("one call tries, and the others wait for it", () => {
    expect(open().breaker.wait).toBeGreaterThan(0);
  });

  test("all may call when it succeeds, and what was before is forgotten", () => {
    const { breaker, calls } = open();
    breaker.end(false);
    expect(breaker.wait).toBe(0);
    calls(0, 19);
    expect(breaker.wait).toBe(0);
  });

  test("nobody may for another 30 seconds when it fails", () => {
    const { breaker, clock } = open();
    breaker.end(true);
    expect(breaker.wait).toBe(30_000);
    clock.advance(30_000);
    expect(breaker.wait).toBe(0);
  });
});
