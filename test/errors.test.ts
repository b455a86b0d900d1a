import { writeFileSync } from "node:fs";
import { UserError, withoutFileErrors } from "../lib/errors";

function errorOf(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return withoutFileErrors(error);
  }
  return undefined;
}

test("a full disk and a path that cannot be used are one line, without a stack trace", () => {
  const full = errorOf(() => writeFileSync("/dev/full", "text"));
  expect(full).toBeInstanceOf(UserError);
  expect(full).toMatchObject({ message: "a file cannot be written: the disk is full (ENOSPC)" });
  expect(errorOf(() => writeFileSync("/dev/null/file", "text"))).toMatchObject({
    message: "/dev/null/file cannot be used: a part of its path is not a folder (ENOTDIR)",
  });
});

test("any other error stays as it is", () => {
  const errors = [
    new Error("mine"),
    new TypeError("mine"),
    Object.assign(new Error(), { code: "ECONNREFUSED" }),
    undefined,
  ];
  expect(errors.map(withoutFileErrors)).toEqual(errors);
});
