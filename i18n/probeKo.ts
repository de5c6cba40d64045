// What the probe finds, in Korean.

import type { ApiServerFacts, GatewayFacts } from "../mesh/probeFindings.ts";
import type { Unconnected } from "../mesh/unconnected.ts";
import type { ProbeMessages } from "./messages.ts";

type Sides = { readonly cluster: string; readonly peer: string };

const blind = ({ cluster, peer }: Sides) =>
  `${cluster}의 istiod가 ${peer}을(를) 감시하지 못해, ${cluster}에서 ${peer}의 서비스를 호출할 수 없음`;
const cut = ({ cluster, peer }: Sides) => `${cluster}에서 ${peer}(으)로 가는 요청이 실패함`;

/** The source addresses that must be allowed. */
function seenFrom({ cluster, from, ownField }: Sides & Pick<ApiServerFacts, "from" | "ownField">): string {
  return from.length > 0
    ? `${cluster}의 주소 ${from.join(", ")}`
    : `${cluster}의 노드 또는 NAT 주소(${ownField}.egressCidrs에도 설정)`;
}

function letInAtServer(finding: Sides & ApiServerFacts): string {
  const { peer, address, field, list } = finding;
  const where = list === undefined ? "API 서버 접근 제어 목록 또는 보안 그룹" : `"${list}"`;
  return `${peer}의 ${where}에서 ${address}(으)로 들어오는 접속을 허용하거나(출발지: ${seenFrom(finding)}), ${field}.apiServer 또는 ${field}.proxyUrl에 접속할 수 있는 주소 설정`;
}

const letInAtGateway = (finding: Sides & GatewayFacts) =>
  `${finding.peer}의 보안 그룹과 gateway.sourceRanges에서 ${finding.address}(으)로 들어오는 접속 허용(출발지: ${seenFrom(finding)}). 규칙: npm run mesh -- firewall`;

const unconnected: Readonly<Record<Unconnected, (address: string, said: string) => string>> = {
  nameUnknown: (address, said) => `${address}의 이름을 이 클러스터에서 조회할 수 없음 (${said})`,
  refused: (address) => `${address}이(가) 접속을 거부함`,
  silent: (address) => `${address}에서 응답이 없음`,
  unreachable: (address, said) => `${address}에 접속할 수 없음 (${said})`,
};

export const probeKo: ProbeMessages = {
  refused: "메시에 필요한 클러스터 간 경로 일부에 접속할 수 없습니다. 어느 클러스터에도 메시를 만들지 않았습니다",
  interrupted: (signal) => `${signal} 신호로 중단했습니다. 클러스터에 만든 것은 모두 지웠습니다`,
  findings: {
    clusterNotProbed: ({ cluster, field, said }) => ({
      found: `작업 머신에서 경로 점검을 준비할 수 없음: ${said}`,
      means: `${cluster}에서 나가는 접속도, ${cluster}(으)로 들어가는 접속도 점검하지 못함`,
      do: `${field}의 kubeconfig와 context가 그 클러스터를 가리키는지, 그 계정이 네임스페이스, 파드, 토큰을 만들 수 있는지 확인`,
    }),
    podNotRunning: ({ cluster, image, said }) => ({
      found: `이미지 ${image}의 파드가 실행되지 않음: ${said}`,
      means: `같은 이미지를 쓰는 사이드카와 게이트웨이도 실행되지 않음. ${cluster}에서 나가는 접속은 점검하지 못함`,
      do: "istio.hub, istio.tag, pullSecrets를 노드가 받을 수 있는 이미지로 설정하거나 노드의 여유 자원 확보",
    }),
    podNotReached: ({ cluster, peer, said }) => ({
      found: `경로 점검 파드는 실행되었으나 연결할 수 없음: ${said}`,
      means: `${cluster}에서 ${peer}에 접속할 수 있는지 알 수 없음`,
      do: `계정에 pods/portforward 권한을 부여하고, ${cluster}의 컨트롤 플레인에서 노드의 TCP 10250 접속 허용`,
    }),
    namespaceLeft: ({ namespace, said }) => ({
      found: `경로 점검 네임스페이스 ${namespace}이(가) 삭제되지 않음: ${said}`,
      means: "이 클러스터에서는 삭제가 끝나지 않으며, pulumi destroy도 같은 이유로 끝나지 않음",
      do: `원인을 해결한 뒤 실행: kubectl delete namespace ${namespace}`,
    }),
    apiServerAnswers: ({ cluster, peer, server }) => ({
      found: `${server}이(가) 응답하고 토큰을 받아들임`,
      means: `${cluster}의 istiod가 ${peer}을(를) 감시할 수 있음`,
      do: "",
    }),
    apiServerUnconnected: (finding) => ({
      found: unconnected[finding.why](finding.address, finding.said),
      means: blind(finding),
      do: {
        nameUnknown: `${finding.field}.apiServer를 ${finding.cluster}의 DNS가 조회할 수 있는 주소로 설정하거나, 그 DNS에 이 이름 등록`,
        refused: `${finding.field}.apiServer를 ${finding.peer}의 API 서버가 ${finding.cluster}의 접속을 받는 주소와 포트로 설정`,
        silent: letInAtServer(finding),
        unreachable: letInAtServer(finding),
      }[finding.why],
    }),
    apiServerProxyRefuses: (finding) => ({
      found: `프록시 ${finding.address}에 ${finding.server} 연결을 요청했으나 ${finding.status}(으)로 응답함`,
      means: blind(finding),
      do:
        finding.status === 407
          ? `프록시 로그인 정보를 ${finding.field}.proxyUrl에 암호화하여 설정`
          : `프록시가 ${finding.cluster}에서 ${finding.server}(으)로 가는 접속을 허용하도록 조치하거나, ${finding.field}.proxyUrl을 다른 프록시로 설정`,
    }),
    apiServerUnknownCa: (finding) => ({
      found: `${finding.server}의 인증서를 발급한 CA를 알 수 없음 (${finding.said})`,
      means: blind(finding),
      do: `${finding.field}.caBundle에 그 주소에서 응답하는 서버의 CA를 설정하거나(공인 CA이면 "public"), ${finding.field}.apiServer를 ${finding.peer}의 API 서버 주소로 설정`,
    }),
    apiServerWrongName: (finding) => ({
      found: `${finding.server}의 인증서에 ${finding.name}이(가) 없음. 인증서의 이름: ${finding.names}`,
      means: blind(finding),
      do: `${finding.field}.apiServer를 설정하고, ${finding.field}.tlsServerName에 인증서의 이름 설정`,
    }),
    apiServerNoTls: (finding) => ({
      found: `${finding.server}과(와) TLS로 연결할 수 없음: ${finding.said}`,
      means: blind(finding),
      do: `대신 응답하는 서버를 거치지 않도록 ${finding.field}.apiServer를 ${finding.peer}의 API 서버 주소로 설정`,
    }),
    apiServerTokenRefused: (finding) => ({
      found: `${finding.server}이(가) ${finding.peer}의 토큰을 ${finding.status}(으)로 거부함: ${finding.said}`,
      means: blind(finding),
      do:
        finding.status === 401
          ? `${finding.field}.apiServer가 다른 클러스터가 아닌 ${finding.peer}의 API 서버인지, 중간의 프록시가 토큰을 제거하지 않는지 확인`
          : `${finding.peer}의 ServiceAccount에 /apis 읽기 권한 부여 (ClusterRole system:discovery)`,
    }),
    apiServerOddAnswer: (finding) => ({
      found: `${finding.server}이(가) HTTP ${finding.status}(으)로 응답함`,
      means: `이 주소에서 응답하는 서버가 API 서버가 아님. ${blind(finding)}`,
      do: `${finding.field}.apiServer를 ${finding.peer}의 API 서버 주소로 설정`,
    }),
    apiServerNotTried: ({ cluster, peer, field, scheme }) => ({
      found: `점검하지 않음: ${field}.proxyUrl이 ${scheme}:// 프록시임`,
      means: `${cluster}에서 ${peer}의 API 서버에 접속할 수 있는지 알 수 없음. http:// 프록시만 점검할 수 있음`,
      do: "pulumi up 이후 npm run proof의 결과 확인",
    }),
    gatewayAnswers: ({ cluster, peer, address }) => ({
      found: `게이트웨이 ${address}이(가) 응답함`,
      means: `${cluster}의 사이드카에서 ${peer}에 접속할 수 있음`,
      do: "",
    }),
    gatewayWithoutAddress: ({ cluster, field }) => ({
      found: "서비스 istio-ingressgateway에 주소가 없음",
      means: `다른 클러스터에서 ${cluster}에 접속할 수 없음`,
      do: `서비스의 이벤트에서 로드 밸런서가 없는 원인을 확인하거나 ${field}.gateway.externalAddress 설정`,
    }),
    gatewayUnconnected: (finding) => ({
      found: unconnected[finding.why](finding.address, finding.said),
      means:
        finding.severity === "error"
          ? cut(finding)
          : "이 경로의 상태 확인이 실패함. 메시의 요청에는 이 포트가 필요하지 않음",
      do:
        finding.why === "nameUnknown"
          ? `${finding.cluster}의 DNS에서 이 이름을 조회할 수 있게 하거나 ${finding.field}.gateway.externalAddress를 IP로 설정`
          : letInAtGateway(finding),
    }),
    gatewayCloses: (finding) => ({
      found: `${finding.address}이(가) 접속을 받은 뒤 바로 끊음`,
      means:
        finding.severity === "error"
          ? `로드 밸런서에 동작하는 백엔드가 없음. ${cut(finding)}`
          : `${finding.peer}의 게이트웨이 뒤에 준비된 샘플 파드가 없음`,
      do:
        finding.severity === "error"
          ? `${finding.peer}에서 istio-ingressgateway 파드가 준비되었는지, 로드 밸런서가 노드를 정상으로 판단하는지 확인`
          : `${finding.peer}의 샘플 파드가 준비되었고 사이드카가 있는지 확인`,
    }),
    gatewayNotReady: ({ peer, address, status }) => ({
      found: `${address}/healthz/ready가 ${status}(으)로 응답함`,
      means: `${peer}의 게이트웨이가 준비되지 않음`,
      do: `${peer}에서 확인: kubectl -n istio-system get pods -l istio=ingressgateway`,
    }),
  },
};
