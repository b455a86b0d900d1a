import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import type { ISynthesisSession } from "cdktf";
import { Construct } from "constructs";

/** By which cdktf and CDK Terrain find what a construct does at synth, such as `TerraformAsset`. */
const CUSTOM_SYNTHESIS = Symbol.for("cdktf/customSynthesis");
/** Folder of the output, seen from the folder of a stack, where Terraform runs. */
const OUTPUT = "../..";
/** Folder in the output. */
const FOLDER = "assets";

/** Properties of a {@link SharedFile}. */
export interface SharedFileProps {
  /** Absolute path of the file. */
  readonly source: string;
  /** Part of the path that changes with the content. */
  readonly hash: string;
}

/**
 * A file that many stacks use. It is once in the output of the app, where a `TerraformAsset` has a copy
 * in each stack: for 1,000 orgs, 180 MB of the same two Lambda functions.
 */
export class SharedFile extends Construct {
  /** Path of the file, seen from the folder of the stack. */
  readonly path: string;

  constructor(scope: Construct, id: string, { source, hash }: SharedFileProps) {
    super(scope, id);
    const file = posix.join(FOLDER, hash, basename(source));
    this.path = posix.join(OUTPUT, file);
    const onSynthesize = ({ outdir }: ISynthesisSession) => copyOnce(source, join(outdir, file));
    Object.defineProperty(this, CUSTOM_SYNTHESIS, { value: { onSynthesize } });
  }
}

function copyOnce(source: string, target: string): void {
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  // A synthesis that is stopped must not leave half of the file.
  const copy = `${target}.${process.pid}`;
  copyFileSync(source, copy);
  renameSync(copy, target);
}
