import type { Configuration } from "../../../lib/rotation/lambda/configuration";
import { resolveDependencies } from "../../../lib/rotation/lambda/dependencies";

test("a call of AWS that hangs is given up long before the function's time is over", async () => {
  jest.spyOn(process, "emitWarning").mockImplementation(() => {});
  const { secrets, parameters } = resolveDependencies({ configuration: {} as Configuration });
  for (const client of [secrets, parameters]) {
    // It reads its own settings when it handles the first request.
    const { requestHandler } = client.config as unknown as {
      requestHandler: { readonly configProvider: Promise<object> };
    };
    expect(await requestHandler.configProvider).toMatchObject({
      connectionTimeout: 5_000,
      requestTimeout: 15_000,
      throwOnRequestTimeout: true,
    });
    client.destroy();
  }
});
