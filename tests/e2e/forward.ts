// A load balancer that Kubernetes does not know: forwards an address to node ports. Runs in the clouds' namespace; its
// only argument is the argument of `forward` as JSON.
import { forward } from "../../lab/cloud.ts";

const { ip, nodeIp, ports } = JSON.parse(process.argv[2] ?? "");
await forward(ip, nodeIp, ports);
