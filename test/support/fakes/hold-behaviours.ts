import type { Behaviour } from "./secrets-manager-contract/behaviour";

/**
 * Tests each behaviour.
 * @param moto whether moto's differences are expected
 */
export function holdBehaviours<Subject>(
  behaviours: readonly Behaviour<Subject>[],
  subject: () => Subject | Promise<Subject>,
  moto: boolean,
): void {
  for (const { title, observe, aws, moto: other } of behaviours) {
    const differs = moto ? other : undefined;
    test(differs ? `${title} [moto differs: ${differs.differs}]` : title, async () => {
      expect(await observe(await subject())).toEqual(differs ? differs.sees : aws);
    });
  }
}

/** Settings of an AWS client that asks one server, once. */
export const aimAt = (endpoint: string) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "TEST", secretAccessKey: "test-secret-key" },
  maxAttempts: 1,
});
