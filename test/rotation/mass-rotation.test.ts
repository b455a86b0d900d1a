import { CREDENTIALS, Crowd, HOUR, MINUTE } from "./crowd";

describe(`${CREDENTIALS} credentials rotate at once`, () => {
  test.each([
    [300, { failedAttempts: 0, minutesUntilTheLast: 1, longestOverlap: 60, mostClients: 201 }],
    [60, { failedAttempts: 62, minutesUntilTheLast: 14, longestOverlap: 60, mostClients: 201 }],
  ])(
    "and the login accepts %d requests per minute",
    async (loginsPerMinute, expected) => {
      const crowd = new Crowd({ loginsPerMinute });
      await crowd.clock.run(crowd.rotateAll("v1"));
      await crowd.clock.run(crowd.reconcileHourly(1));
      crowd.failures = 0;
      const started = crowd.clock.now();
      await crowd.clock.run(Promise.all([crowd.rotateAll("v2"), crowd.reconcileHourly(4)]));
      const current = [...crowd.secrets.values()].map((secret) => secret.idOf("AWSCURRENT"));
      expect(new Set(current)).toEqual(new Set(["v2"]));
      expect(Math.max(...crowd.movedAt.values()) - started).toBeLessThan(HOUR);
      // The text says: at most 90 minutes, also when 100 credentials rotate at once.
      const overlaps = [...crowd.movedAt].map(
        ([name, at]) => (crowd.retiredAt.get(name) ?? 0) - at,
      );
      expect(Math.min(...overlaps)).toBeGreaterThanOrEqual(15 * MINUTE);
      expect(Math.max(...overlaps)).toBeLessThanOrEqual(90 * MINUTE);
      expect(crowd.mostClients).toBeLessThanOrEqual(2 * CREDENTIALS + 1);
      expect(crowd.genesys.cutOff).toEqual([]);
      const minutes = (milliseconds: number) => Math.round(milliseconds / MINUTE);
      const figures = {
        failedAttempts: crowd.failures,
        minutesUntilTheLast: minutes(Math.max(...crowd.movedAt.values()) - started),
        longestOverlap: minutes(Math.max(...overlaps)),
        mostClients: crowd.mostClients,
      };
      expect(figures).toEqual(expected);
    },
    120_000,
  );
});
