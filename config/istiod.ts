import { defaultAutoscaling } from "../mesh/gatewayOptions.ts";
import type { IstiodOptions } from "../mesh/istiodOptions.ts";
import { bounds } from "./bounds.ts";
import type { IstiodSettings } from "./istiodSchema.ts";

/** istiod's options with defaults. @param problems gets a line if the limits contradict each other */
export function istiodOptions(settings: IstiodSettings, problems: string[]): IstiodOptions {
  const { replicas, autoscaling, resources } = settings;
  const places = [{ path: ["istiod", "autoscaling"], settings: autoscaling }];
  return { replicas: replicas ?? bounds(defaultAutoscaling, places, problems), ...(resources && { resources }) };
}
