// A load balancer that Kubernetes does not know of: forwards an address to node ports. Runs in the clouds' namespace; its
// one argument is what `forward` is told, as JSON.
import { forward } from "../../lab/cloud.ts";

const { ip, nodeIp, ports } = JSON.parse(process.argv[2] ?? "");
await forward(ip, nodeIp, ports);
