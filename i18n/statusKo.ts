// Texts of `npm run mesh -- status` in Korean.
import { countsKo } from "./counts.ts";
import type { StatusMessages } from "./messages.ts";

const ROLES = { leaf: "게이트웨이 인증서 만료", intermediate: "중간 인증서 만료", root: "루트 인증서 만료" };

const days = (value: number) =>
  value < 0 ? "이미 만료됨" : value < 2 ? `${Math.round(value * 24)}시간 남음` : `${Math.floor(value)}일 남음`;

export const statusKo: StatusMessages = {
  clusters: [
    "클러스터",
    "Kubernetes 버전",
    "istiod 버전",
    "게이트웨이",
    "프록시",
    "워크로드 인증서",
    "중간 인증서",
    "루트 인증서",
    "토큰",
  ],
  directions: ["출발지", "목적지", "API 서버", "동기화", "게이트웨이", "엔드포인트", "응답", "마지막 응답"],
  answers: { yes: "응답함", no: "응답 없음" },
  days: (count) => `${count}일`,
  seconds: (count) => `${count}초 전`,
  now: "방금",
  whole: "메시가 정상입니다",
  wholeBut: (warnings) => `메시가 동작합니다. ${countsKo(0, warnings)}`,
  broken: (errors, warnings) => `메시에 문제가 있습니다. ${countsKo(errors, warnings)}`,
  nobody: "응답하는 클러스터가 없습니다",
  underWay: (command, reached, states) =>
    `진행 중인 작업: ${states}단계 중 ${reached}단계 완료. 이어서 진행하려면: ${command}`,
  waited: (seconds) => `${seconds}초가 지나도 메시가 정상이 아닙니다`,
  badSeconds: (option, value) =>
    `${option}: "${value}"은(는) 초 단위의 수가 아닙니다. 0보다 큰 수를 지정해야 합니다. 예: 30`,
  findings: {
    clusterSilent: ({ said }) => ({
      found: `API 서버가 응답하지 않음: ${said}`,
      means: "이 클러스터의 상태를 알 수 없음. 다른 클러스터는 이미 받은 엔드포인트를 계속 사용함",
      do: "클러스터가 동작하는지, 작업 머신에서 접속할 수 있는지 확인(대기 시간을 늘리려면 --timeout SECONDS). 완전히 없어졌으면: npm run mesh -- forget NAME",
    }),
    noIstiod: ({ pods }) => ({
      found: `준비된 istiod가 없음${pods.length === 0 ? "" : `: ${pods.join(", ")}`}`,
      means: "프록시는 이전 설정을 계속 사용하고, 사이드카가 있는 새 파드는 시작되지 않음",
      do: "kubectl -n istio-system describe pods -l app=istiod로 확인. 파드가 없으면: pulumi up --refresh",
    }),
    istiodNotReady: ({ pods }) => ({
      found: `${pods.join(", ")}의 istiod가 준비되지 않음`,
      means: "다른 레플리카가 프록시를 처리함",
      do: "kubectl -n istio-system describe pods -l app=istiod로 확인",
    }),
    notAsked: ({ said }) => ({
      found: `조회에 실패함: ${said}`,
      means: "관련된 상태를 알 수 없음",
      do: "계정에 istio-system의 파드와 네임스페이스 조회, 시크릿 메타데이터 조회, exec 권한이 있는지(npm run mesh -- rights), kubelet이 10250에서 응답하는지 확인",
    }),
    noGatewayPod: ({ pods }) => ({
      found: `준비된 east-west 게이트웨이 파드가 없음${pods.length === 0 ? "" : `: ${pods.join(", ")}`}`,
      means: "다른 클러스터에서 이 클러스터의 서비스를 호출할 수 없음",
      do: "kubectl -n istio-system describe pods -l istio=ingressgateway로 확인. 파드가 없으면: pulumi up --refresh",
    }),
    oneGatewayPod: () => ({
      found: "east-west 게이트웨이의 파드가 하나뿐임",
      means: "노드를 드레인하거나 업그레이드하는 동안 다른 클러스터에서 오는 요청이 실패함",
      do: "노드를 교체하기 전에 gateway.autoscaling.min을 2로 설정",
    }),
    peerUnknown: ({ cluster, peer, pods }) => ({
      found: `${cluster}의 ${pods.join(", ")}이(가) ${peer}을(를) 감시하지 않음`,
      means: `${cluster}에서 ${peer}의 서비스를 호출할 수 없음`,
      do: `pulumi up --refresh를 실행하면 ${cluster}에 ${peer}의 원격 시크릿을 다시 생성함`,
    }),
    peerNotSynced: ({ cluster, peer, pods, status }) => ({
      found: `${cluster}의 ${pods.join(", ")}에서 ${peer}의 동기화 상태가 ${status}임`,
      means: `${peer}의 변경이 ${cluster}에 반영되지 않음`,
      do: `npm run mesh -- preflight --probe로 ${cluster}에서 ${peer}의 API 서버에 접속할 수 있는지 확인. 토큰이 거부되면: npm run mesh -- rotate-tokens ${peer}`,
    }),
    gatewayUnregistered: ({ cluster, peer, pods, network }) => ({
      found: `${cluster}의 ${pods.join(", ")}이(가) 네트워크 ${network}의 게이트웨이를 알지 못함`,
      means: `${cluster}에서 ${peer}(으)로 요청을 보낼 수 없음`,
      do: `${peer}의 서비스 istio-ingressgateway에 주소가 있는지 확인. 있으면 ${cluster}에서: kubectl -n istio-system rollout restart deployment istiod (istio#60920)`,
    }),
    endpointsMissing: ({ cluster, peer, pod, seen, expected }) => ({
      found: `${cluster}의 ${pod}에 등록된 ${peer}의 엔드포인트는 ${seen}개인데, ${peer}의 istiod에는 ${expected}개가 있음`,
      means: `${cluster}에서 ${peer}의 서비스 일부를 호출할 수 없음`,
      do: "잠시 뒤 다시 확인. 그대로면 그 클러스터에서: kubectl -n istio-system rollout restart deployment istiod",
    }),
    noAnswer: ({ cluster, peer, requests, said }) => ({
      found: `샘플에 보낸 요청 ${requests}개 중 ${peer}의 응답이 없음${said === "" ? "" : ` (${said})`}`,
      means: `${cluster}의 istiod에 경로가 있지만 요청이 ${peer}에 전달되지 않음`,
      do: "npm run mesh -- preflight --probe로 이 클러스터에서 게이트웨이의 15443 포트를 점검하고, 방화벽 확인: npm run mesh -- firewall",
    }),
    sampleNotReady: () => ({
      found: "샘플의 sleep 파드가 준비되지 않아 요청을 보낼 수 없음",
      means: "이 클러스터에서 보낸 요청에 응답이 오는지 알 수 없음",
      do: "샘플 네임스페이스에서 kubectl describe pods -l app=sleep로 확인. 파드가 없으면: pulumi up --refresh",
    }),
    rootUntrusted: ({ cluster, peer, root }) => ({
      found: `${cluster}의 게이트웨이가 ${peer}의 루트 인증서(${root.slice(0, 23)}…)를 신뢰하지 않음`,
      means: "두 클러스터 사이의 TLS가 실패하거나, 다음 인증서부터 실패함",
      do: "두 클러스터의 시크릿 cacerts가 이 스택의 CA인지 확인한 뒤, CA가 오래된 쪽의 istiod와 게이트웨이 재시작",
    }),
    chainBroken: ({ pod, said }) => ({
      found: `${pod}의 인증서: ${said}`,
      means: "게이트웨이와의 TLS가 실패함",
      do: "istiod가 시크릿 cacerts로 서명하는지 확인. 시크릿을 변경했으면 istiod, 게이트웨이 순으로 재시작",
    }),
    intermediateNotLoaded: ({ pods }) => ({
      found: `${pods.join(", ")}이(가) 시크릿 cacerts의 중간 인증서로 서명하지 않음`,
      means: "인증서가 여전히 이전 중간 인증서에서 발급되거나 발급되지 않음",
      do: "kubelet이 반영하는 데 2분까지 걸릴 수 있으므로 잠시 뒤 다시 확인. 그대로면 istiod 로그에서 cacerts 확인",
    }),
    certificateEnds: ({ role, days: left }) => ({
      found: `${ROLES[role]}: ${days(left)}`,
      means: "만료되면 메시의 통신이 모두 끊김",
      do:
        role === "leaf"
          ? "istiod 로그 확인. 인증서는 수명의 절반이 지나면 갱신됨"
          : role === "root"
            ? "npm run mesh -- rotate-root 실행(가이드 6.4절)"
            : "npm run mesh -- renew-intermediates 실행. ca.source가 intermediates이면 csp-mesh:ca.intermediates에 새 인증서와 키를 넣고 pulumi up 실행(가이드 6.4절)",
    }),
    proxiesBehind: ({ istiod, version, count }) => ({
      found: `프록시 ${count}개의 버전이 istiod(${istiod})와 다름: ${version}`,
      means: "새 버전의 수정 사항이 적용되지 않음. Istio는 한 단계 낮은 마이너 버전의 프록시까지 지원함",
      do: "해당 워크로드를 적당한 때에 재시작",
    }),
    proxiesUnserved: ({ pods }) => ({
      found: `${pods.join(", ")}의 프록시에 연결된 istiod가 없음`,
      means: "이전 설정을 계속 사용하며, 인증서가 갱신되지 않음",
      do: "그 파드의 istio-proxy 컨테이너 로그 확인. 방금 시작된 파드면 곧 연결됨",
    }),
    withoutSidecar: ({ pods }) => ({
      found: `사이드카가 없는 파드: ${pods.join(", ")}`,
      means: "메시에 속하지 않으며, strict 상호 TLS에서는 거부됨",
      do: "워크로드 재시작. 사이드카는 파드를 만들 때 주입됨",
    }),
    webhookMissing: () => ({
      found: "MutatingWebhookConfiguration istio-sidecar-injector가 없음",
      means: "새 파드에 사이드카가 주입되지 않음",
      do: "pulumi up --refresh",
    }),
  },
};
