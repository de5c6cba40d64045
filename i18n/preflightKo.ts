// What the preflight finds, in Korean.

import type { FaultId } from "../mesh/istioFaults.ts";
import { ENFORCE } from "../mesh/podSecurity.ts";
import type { NodeExclusions, RefusedBy, RefusedByName } from "../mesh/preflightFindings.ts";
import { countsKo } from "./counts.ts";
import type { PreflightMessages } from "./messages.ts";

const FIXED = { means: "", do: "" };
const list = (items: readonly string[]) => items.join(", ");

const FAULTS: Readonly<Record<FaultId, string>> = {
  secretDeadlock: "원격 시크릿이 변경되면 istiod가 멈춤",
  secretPanic: "원격 시크릿이 연달아 두 번 변경되면 istiod가 비정상 종료됨",
  secretIgnored: "istiod를 재시작하기 전까지 변경된 원격 시크릿이 적용되지 않음",
  gatewaysLost: "토큰을 교체하거나 클러스터를 제거하면 istiod가 다른 클러스터의 게이트웨이를 잃음",
  endpointsWiped: "토큰을 교체하면 istiod가 그 클러스터의 엔드포인트를 잃음",
  webhookLate: "웹훅이 동작하기 전에 istiod가 Ready 상태가 되어, 시작 직후 파드 생성이 실패할 수 있음",
};

/** Why nodes do not accept pods, apart from free CPU and memory. */
function keptBy({ nodes, taints, unselected, cordoned }: NodeExclusions): string[] {
  const of = (count: number) => `노드 ${nodes}개 중 ${count}개`;
  return [
    ...taints.map(({ taint, nodes: count }) => `taint ${taint} (${of(count)})`),
    ...(unselected > 0 ? [`노드 셀렉터나 어피니티의 레이블이 없음 (${of(unselected)})`] : []),
    ...(cordoned > 0 ? [`스케줄링 차단됨(cordon) (${of(cordoned)})`] : []),
  ];
}

function remediesOf({ taints, unselected, cordoned }: NodeExclusions): string[] {
  const tolerations = taints.map(({ toleration }) => toleration);
  return [
    ...(tolerations.length > 0
      ? [`pods.tolerations: [${list(tolerations)}] 중 필요한 항목 설정(clusters[].pods나 gateway에도 설정 가능)`]
      : []),
    ...(unselected > 0
      ? ["노드에 레이블을 붙이거나 pods.nodeSelector, gateway.nodeSelector, istio.values.istiod.pilot 변경"]
      : []),
    ...(cordoned > 0 ? ["kubectl uncordon 실행"] : []),
  ];
}

const remedies = (name: string): Readonly<Record<RefusedByName["is"], string>> => ({
  webhook: `웹훅 ${name}의 담당자에게 허용 요청`,
  brokenWebhook: `응답하지 않는 웹훅 ${name} 복구. 그때까지 이런 객체는 모두 거부됨`,
  policy: `ValidatingAdmissionPolicy ${name}의 담당자에게 허용 요청`,
});

const nameOf = (by: RefusedBy) => ("name" in by ? by.name : "");

export const preflightKo: PreflightMessages = {
  columns: ["", "클러스터", "확인된 것", "영향", "조치"],
  severities: { ok: "정상", warning: "경고", error: "오류" },
  result: ({ errors, warnings }) =>
    errors > 0
      ? `${countsKo(errors, warnings)}. 오류를 해결한 뒤 다시 실행해야 합니다.`
      : warnings > 0
        ? `${countsKo(errors, warnings)}. 메시는 동작할 수 있습니다.`
        : "오류와 경고가 없습니다. 메시가 동작할 수 있습니다.",
  refused:
    '메시를 만들 준비가 되지 않은 클러스터가 있습니다. 아무것도 만들지 않았습니다. 오류를 해결한 뒤 "pulumi up"을 다시 실행해야 합니다',
  warned: "메시는 동작할 수 있지만 경고가 있습니다 (전체 결과: npm run mesh -- preflight)",
  findings: {
    reached: ({ server, command }) => ({
      found: `${server} 응답함${command === undefined ? "" : ` (자격 증명: ${command})`}`,
      ...FIXED,
    }),
    commandFailed: ({ command, said }) => ({
      found: `${command} 명령이 자격 증명을 반환하지 않음: ${said}`,
      means: "클러스터에 아무것도 만들 수 없음",
      do: `kubeconfig에 적힌 대로 ${command}을(를) 직접 실행해 오류를 확인하고 해결`,
    }),
    notReached: ({ server, said }) => ({
      found: `${server}에 접속할 수 없음: ${said}`,
      means: "클러스터에 아무것도 만들 수 없음",
      do: "kubeconfig가 최신인지, 작업 머신에서 API 서버로 접속이 허용되는지(접근 제어 목록, VPN), HTTPS_PROXY가 맞는지 확인",
    }),
    noApiServer: ({ server, status }) => ({
      found: `${server}이(가) HTTP ${status}(으)로 응답하지만 Kubernetes API가 아님`,
      means: "이 주소에 다른 서버가 있거나, API 서버 앞의 프록시가 대신 응답함",
      do: "kubeconfig의 `server`가 API 서버인지, 중간에 프록시나 로그인 페이지가 없는지 확인",
    }),
    notLetIn: ({ server, command }) => ({
      found: `${server}이(가) ${command === undefined ? "" : `${command}에서 받은 `}자격 증명을 거부함`,
      means: "클러스터에 아무것도 만들 수 없음",
      do:
        command === undefined
          ? "kubeconfig를 새로 발급. 토큰이나 인증서가 만료되었거나 폐기됨"
          : `${command}이(가) 어떤 계정으로 로그인하는지, 클러스터가 그 계정을 허용하는지 확인`,
    }),
    sameCluster: ({ peer }) => ({
      found: `${peer}과(와) 같은 클러스터임. kube-system의 UID가 같음`,
      means: "메시에는 서로 다른 클러스터가 둘 이상 필요함",
      do: "clusters의 각 항목에 서로 다른 클러스터의 kubeconfig와 context 설정",
    }),
    supported: ({ istio, kubernetes }) => ({
      found: `Istio ${istio}은(는) Kubernetes ${kubernetes}을(를) 지원함`,
      ...FIXED,
    }),
    unsupported: ({ istio, kubernetes, supported, lines, severity }) => ({
      found: `Istio ${istio}은(는) Kubernetes ${kubernetes}을(를) 지원하지 않음. 지원 범위: ${supported}`,
      means: "Istio가 테스트하지 않는 조합이라 문제가 생겨도 수정되지 않음",
      do: [
        lines.length > 0
          ? `istio.version을 ${list(lines)} 계열의 릴리스로 변경`
          : "클러스터를 Istio가 지원하는 Kubernetes 버전으로 업그레이드",
        ...(severity === "error" ? ["그래도 시도하려면 istio.allowUnsupported를 true로 설정"] : []),
      ].join(". "),
    }),
    istioNotListed: ({ istio, listed }) => ({
      found: `Istio ${istio}이(가) 지원하는 Kubernetes 버전을 이 프로그램이 알지 못함. 알려진 Istio: ${listed}`,
      means: "지원되지 않는 조합일 수 있음",
      do: "https://istio.io/latest/docs/releases/supported-releases/ 에서 확인",
    }),
    istioAtEndOfLife: ({ istio, date, lines }) => ({
      found: `Istio ${istio}은(는) 지원이 끝남 (${date})`,
      means: "보안 수정이 더 나오지 않음",
      do:
        lines.length > 0
          ? `istio.version을 ${list(lines)} 계열의 릴리스로 변경`
          : "istio.version을 더 새로운 계열로 변경. 필요하면 클러스터의 Kubernetes를 먼저 업그레이드",
    }),
    istioFaults: ({ istio, faults, mended }) => ({
      found: `Istio ${istio}에 알려진 결함이 있음: ${faults.map(({ id, issue }) => `${FAULTS[id]} (istio#${issue})`).join("; ")}`,
      means: "istiod를 재시작하기 전까지 클러스터 간 요청이나 새 파드 생성이 실패할 수 있음",
      do: `istio.version을 ${mended} 이상으로 변경`,
    }),
    allowed: ({ rights }) => ({
      found: rights === "all" ? "계정에 모든 권한이 있음" : `계정에 필요한 권한 ${rights}가지가 모두 있음`,
      ...FIXED,
    }),
    notAllowedForRotation: ({ rights }) => ({
      found: `계정에 없는 권한: ${rights.join("; ")}`,
      means:
        "사이드카의 인증서를 읽을 수 없어 npm run mesh -- rotate-root가 단계 확인에서 멈춤. pulumi up에는 필요하지 않음",
      do: "루트를 교체하는 동안 사이드카가 있는 모든 네임스페이스에서 이 권한 부여 (docs/rights.md)",
    }),
    notAllowed: ({ rights }) => ({
      found: `계정에 없는 권한: ${rights.join("; ")}`,
      means: "pulumi up이나 pulumi destroy가 도중에 멈춤",
      do: "관리자에게 npm run --silent mesh -- rights --output yaml로 출력한 ClusterRole의 적용을 요청하거나, 다른 계정의 kubeconfig를 사용 (docs/rights.md)",
    }),
    notSeen: ({ paths }) => ({
      found: `계정이 읽을 수 없는 것: ${list(paths)}`,
      means: "관련 항목을 점검하지 못함",
      do: "읽기 권한을 부여하거나 직접 확인",
    }),
    notChecked: ({ said }) => ({
      found: `일부를 조회하지 못함: ${said.join("; ")}`,
      means: "클러스터의 컨트롤 플레인에 문제가 있거나 부하가 큼",
      do: "다시 실행하고, 계속되면 클러스터 상태 확인",
    }),
    endedRegistry: ({ images }) => ({
      found: `종료되는(2026-12) Istio 레지스트리의 이미지가 노드에 있음: ${list(images)}`,
      means: "이후에는 이 이미지를 쓰는 파드가 다른 노드에서 시작되지 못함",
      do: "이 이미지를 쓰는 애드온이나 이전 메시의 이미지를 docker.io/istio로 바꾸거나 제거",
    }),
    endedHub: ({ hub }) => ({
      found: `istio.hub가 종료되는(2026-12) ${hub}임`,
      means: "이후에는 이미지가 없는 노드에서 메시의 파드가 시작되지 못함",
      do: "istio.hub를 docker.io/istio로 바꾸거나 삭제",
    }),
    nodesReady: ({ nodes }) => ({ found: `파드를 실행할 수 있는 노드: ${nodes}개`, ...FIXED }),
    nodesNotReady: ({ names, usable }) => ({
      found: `준비되지 않은 노드: ${list(names)}. 파드를 실행할 수 있는 노드: ${usable}개`,
      means: "클러스터의 여유 자원이 줄었고 더 줄어들 수 있음",
      do: "kubectl describe node로 해당 노드 확인",
    }),
    noNode: ({ notReady, cordoned }) => ({
      found: [
        "파드를 실행할 수 있는 노드가 없음",
        ...(notReady.length > 0 ? [`준비되지 않음: ${list(notReady)}`] : []),
        ...(cordoned.length > 0 ? [`스케줄링 차단됨(cordon): ${list(cordoned)}`] : []),
      ].join(". "),
      means: "istiod와 게이트웨이가 Pending에 머무름",
      do: "노드를 추가하거나 복구(kubectl describe node)하거나 kubectl uncordon 실행",
    }),
    room: ({ pods, needed, free }) => ({
      found: `파드 ${pods}개를 실행할 여유가 있음: 여유 CPU ${free.cpu}m, 메모리 ${free.memory}Mi 중 ${needed.cpu}m, ${needed.memory}Mi 필요`,
      ...FIXED,
    }),
    noRoom: (finding) => {
      const { pods, needed, free, grows } = finding;
      const kept = keptBy(finding);
      return {
        found: [
          `${list(pods)}을(를) 실행할 여유가 있는 노드가 없음: 모두 CPU ${needed.cpu}m, 메모리 ${needed.memory}Mi를 요청하는데 여유는 ${free.cpu}m, ${free.memory}Mi`,
          ...(kept.length > 0 ? [`다른 노드는 쓸 수 없음: ${list(kept)}`] : []),
        ].join(". "),
        means: grows ? "클러스터 오토스케일러가 노드를 추가할 때까지 대기함" : "파드가 Pending에 머무름",
        do: [
          "노드를 추가하거나 요청량 축소: istiod.resources, gateway.resources, sample.resources, istio.values.istiod.global.proxy.resources",
          ...remediesOf(finding).map((remedy) => `또는 ${remedy}`),
        ].join(". "),
      };
    },
    noNodeForPods: (finding) => ({
      found: `${list(finding.pods)}을(를) 실행할 수 있는 노드가 없음: ${list(keptBy(finding))}`,
      means: finding.grows
        ? "클러스터 오토스케일러가 이 파드를 실행할 노드를 추가해야 시작됨"
        : "노드에 여유가 있어도 파드가 Pending에 머무름",
      do: remediesOf(finding).join(". "),
    }),
    clusterDomain: ({ domain }) => ({ found: `클러스터 도메인: ${domain}`, ...FIXED }),
    clusterDomainUnknown: ({ domain }) => ({
      found: "kube-system의 Corefile과 kubelet 설정에서 클러스터의 DNS 도메인을 확인할 수 없음",
      means: `${domain}이(가) 아니면 다른 클러스터의 서비스를 찾지 못함`,
      do: `직접 확인: kubectl run domain -it --rm --restart=Never --image=busybox -- cat /etc/resolv.conf 실행. search 목록에 svc.${domain}이(가) 없으면 csp-mesh:clusterDomain을 목록의 svc. 뒤에 나오는 도메인으로 설정`,
    }),
    clusterDomainDiffers: ({ domains, source, configured, shared }) => ({
      found: `클러스터의 DNS 도메인은 ${domains.join(", ")}(${source})이고 설정은 ${configured}임`,
      means: "사이드카와 게이트웨이가 존재하지 않는 이름으로 서비스를 찾아, 클러스터 간 요청이 모두 실패함",
      do: `csp-mesh:clusterDomain을 ${shared}(으)로 설정`,
    }),
    clusterDomainsDiffer: ({ domains, source, configured, peer, peerDomains }) => ({
      found: `클러스터의 DNS 도메인은 ${domains.join(", ")}(${source}), ${peer}의 도메인은 ${peerDomains.join(", ")}, 설정은 ${configured}임`,
      means:
        "같은 서비스의 DNS 이름이 클러스터마다 달라 Istio에는 서로 다른 서비스가 되고, 클러스터 간 요청이 모두 실패함",
      do: "같은 도메인으로 클러스터를 다시 만들거나(kubeadm: networking.dnsDomain, k3s·RKE2: cluster-domain) 이 클러스터를 메시에서 제외",
    }),
    loadBalancer: ({ address, provider }) => ({
      found: {
        hostname: `${provider}의 로드 밸런서에 호스트 이름이 할당됨`,
        ip: `${provider}의 로드 밸런서에 IP가 할당됨`,
        unknown: `로드 밸런서 주소의 종류는 게이트웨이를 만든 뒤에 알 수 있음 (${provider})`,
      }[address],
      ...FIXED,
    }),
    externalAddress: ({ address }) => ({ found: `게이트웨이 주소가 설정에 있음: ${address}`, ...FIXED }),
    nodePortTaken: ({ port, service, field }) => ({
      found: `${field}의 NodePort ${port}을(를) 서비스 ${service}이(가) 이미 사용 중임`,
      means: "API 서버가 게이트웨이의 서비스를 거부함",
      do: `${field}에 다른 번호를 지정하거나 해당 서비스 변경`,
    }),
    loadBalancersPending: ({ services }) => ({
      found: `로드 밸런서가 할당되지 않은 서비스: ${list(services)}`,
      means: "게이트웨이의 서비스도 Pending에 머물러, 시간이 지나면 pulumi up이 실패할 수 있음",
      do: "kubectl describe로 해당 서비스를 확인하거나(할당량, 서브넷, 컨트롤러), 클러스터의 gateway.externalAddress 설정",
    }),
    storageClass: ({ names }) => ({ found: `기본 StorageClass: ${list(names)}`, ...FIXED }),
    storageClassComes: ({ name }) => ({ found: `기본 StorageClass가 없어 ${name}을(를) 만듦`, ...FIXED }),
    noStorageClass: ({ field }) => ({
      found: "기본 StorageClass가 없음",
      means: "메시에는 필요 없지만, 볼륨을 쓰는 워크로드가 Pending에 머무름",
      do: `CSP에 드라이버가 있으면 ${field} 설정`,
    }),
    metrics: () => ({ found: "메트릭 API가 동작함", ...FIXED }),
    metricsCome: () => ({ found: "메트릭 API가 없어 metrics-server를 설치함", ...FIXED }),
    noMetrics: () => ({
      found: "메트릭 API가 없음",
      means: "게이트웨이와 istiod의 오토스케일러가 최솟값에 머무름",
      do: "metricsServer.source 설정",
    }),
    metricsNotServed: ({ said }) => ({
      found: `메트릭 API가 동작하지 않음: ${said}`,
      means: "게이트웨이와 istiod의 오토스케일러가 최솟값에 머물고, 네임스페이스 삭제가 끝나지 않음",
      do: "kubectl get apiservice v1beta1.metrics.k8s.io로 metrics-server 확인",
    }),
    cni: ({ name }) => ({ found: `파드 네트워크: ${name}. Istio를 위한 변경 불필요`, ...FIXED }),
    ciliumReady: () => ({ found: "Cilium이 Istio에 맞게 설정되어 있음", ...FIXED }),
    ciliumChanges: ({ settings }) => ({
      found: `Cilium에 ${list(settings)}을(를) 설정하고 한 번 재시작함. pulumi destroy가 복원함`,
      ...FIXED,
    }),
    ciliumNotForIstio: ({ settings, field }) => ({
      found: `Cilium 설정이 Istio에 맞지 않는데 변경하지 않도록 되어 있음. 필요한 설정: ${list(settings)}`,
      means: "요청이 사이드카를 거치지 않을 수 있음",
      do: `직접 설정하거나 ${field}을(를) true로 변경`,
    }),
    ciliumChangedByOthers: ({ said }) => ({
      found: `Cilium 설정이 이 스택 밖에서 변경됨: ${said.join("; ")}`,
      means: "요청이 사이드카를 거치지 않을 수 있음",
      do: "설정을 변경하는 쪽에서 Istio에 맞는 값을 유지하도록 조치",
    }),
    ciliumChangedSince: ({ settings }) => ({
      found: `메시가 있는데 Cilium에 ${list(settings)} 설정이 없음. 되돌려졌거나 Cilium을 다시 설치함`,
      means: "요청이 사이드카를 거치지 않을 수 있음. 스택에 변경이 없으면 --refresh 없이는 Cilium을 변경하지 않음",
      do: "pulumi up --refresh를 실행하면 다시 설정하고 Cilium을 한 번 재시작함. 변경하지 않을 키는 cilium.leave에 지정",
    }),
    ciliumL7InUse: ({ uses, key, field }) => ({
      found: `Cilium의 L7 프록시를 사용 중임: ${list(uses)}`,
      means: `Istio에는 ${key}=false가 필요한데, 그러면 이 객체가 동작하지 않고 일부 Cilium 버전은 에이전트가 시작되지 않음`,
      do: `${field}에 ${key} 키를 추가하거나, 이 객체를 클러스터에서 제거`,
    }),
    ciliumWithoutConfig: ({ namespace, field }) => ({
      found: `Cilium은 있지만 ConfigMap ${namespace}/cilium-config가 없음`,
      means: "Istio에 필요한 설정을 확인하거나 변경할 수 없음",
      do: `Cilium을 직접 Istio에 맞게 설정하고 ${field}.patch를 false로 변경`,
    }),
    ciliumSeveral: ({ daemonSets, field }) => ({
      found: `Cilium 레이블이 붙은 DaemonSet이 여럿임: ${list(daemonSets)}`,
      means: "Istio에 맞게 설정할 DaemonSet을 정할 수 없음",
      do: `${field} 설정`,
    }),
    openShift: () => ({
      found: "OpenShift이며 Istio 설정 값도 OpenShift용임",
      means: "드라이런으로는 SecurityContextConstraints를 확인할 수 없음",
      do: "Istio의 cni 차트가 설치되어 있는지 확인",
    }),
    openShiftRefuses: () => ({
      found: "OpenShift는 SecurityContextConstraints(SCC)로 파드를 허용하는데, 드라이런으로는 확인할 수 없음",
      means:
        "기본 SCC인 restricted-v2는 사용자 1337로 실행되는 게이트웨이와 사이드카, 사이드카의 init 컨테이너(NET_ADMIN)를 거부함",
      do: "Istio의 cni 차트를 global.platform openshift로 설치하고 istio.values.istiod.global.platform을 openshift로 설정. 또는 허용하는 SCC 부여. 예: oc adm policy add-scc-to-group privileged system:serviceaccounts:istio-system (사이드카를 쓰는 네임스페이스마다)",
    }),
    noIstio: () => ({ found: "아직 Istio가 없음", ...FIXED }),
    claimed: ({ owner }) => ({ found: `이 스택(${owner})의 클러스터임`, ...FIXED }),
    claimedByOther: ({ owner, mesh, name }) => ({
      found: `스택 ${owner}의 메시 "${mesh}"에 속한 클러스터임 (클러스터 이름 "${name}")`,
      means: "두 스택이 서로의 Istio를 덮어쓰고 삭제하게 되므로 아무것도 변경하지 않음",
      do: "그 스택을 사용하거나 먼저 destroy 실행. 상태를 잃었거나 pulumi stack rename으로 이름이 바뀐 스택이면 npm run mesh -- adopt 실행",
    }),
    claimedAsOther: ({ name }) => ({
      found: `컨텍스트가 이 메시의 클러스터 "${name}"에 연결됨`,
      means: "한 클러스터는 이름을 두 개 가질 수 없고, 메시에 속한 동안에는 이름을 바꿀 수 없음",
      do: "clusters[].context 수정. 이름을 바꾸려면 설정에서 클러스터를 제거하고 pulumi up을 실행한 뒤 새 이름으로 추가",
    }),
    ownIstio: () => ({ found: "이 메시의 Istio가 있음", ...FIXED }),
    istiodMissing: ({ webhook }) => ({
      found: `이 메시의 istiod가 없고 ValidatingWebhookConfiguration ${webhook}만 남아 있음`,
      means: "미리 보기의 드라이런을 포함해 API 서버가 Istio 리소스를 거부하고, 새 파드에는 사이드카가 주입되지 않음",
      do: '"pulumi up --refresh --skip-preview" 실행: istiod를 먼저 다시 만든 뒤 웹훅이 검증하는 리소스를 만듦',
    }),
    othersIstio: ({ parts }) => ({
      found: `이 프로그램이 설치하지 않은 Istio가 있음: ${list(parts)}`,
      means: "두 Istio가 서로의 웹훅과 역할을 덮어씀",
      do: '기존 스크립트로 만든 Istio라면 인수: docs/guide.ko.md 8절. CSP 애드온이면 콘솔에서 제거, 그 밖에는 "helm uninstall"이나 "kubectl delete"로 제거. 이전 Istio의 일부만 남아 있을 수 있음',
    }),
    othersResources: ({ resources }) => ({
      found: `이전 Istio의 커스텀 리소스가 있음: ${list(resources)}`,
      means: "이 메시의 istiod가 적용하고, pulumi destroy가 Istio의 CRD와 함께 삭제함",
      do: "삭제하거나, 의도한 것이면 istio.keepCrds를 true로 설정",
    }),
    namespaceComes: ({ namespace }) => ({ found: `네임스페이스 ${namespace}을(를) 만듦`, ...FIXED }),
    namespaceOurs: ({ namespace }) => ({ found: `네임스페이스 ${namespace}은(는) 이 메시의 것임`, ...FIXED }),
    namespaceLent: ({ namespace }) => ({
      found: `네임스페이스 ${namespace}이(가) 이미 있음. 레이블을 유지하고, 메시를 제거해도 남김`,
      ...FIXED,
    }),
    namespaceEnds: ({ namespace, said }) => ({
      found: `네임스페이스 ${namespace}이(가) 삭제되는 중임${said === "" ? "" : `: ${said}`}`,
      means: "그 안에 아무것도 만들 수 없음",
      do: `삭제될 때까지 대기. 삭제되지 않으면 원인 해결 (kubectl get namespace ${namespace} -o yaml)`,
    }),
    namespaceKeepsSidecarsOut: ({ namespace, label }) => ({
      found: `네임스페이스 ${namespace}이(가) 이미 있고 레이블 ${label}이(가) 붙어 있음`,
      means: "샘플에 이 메시의 사이드카가 주입되지 않음",
      do: "sample.namespace를 다른 이름으로 변경",
    }),
    systemKeepsProxiesOut: ({ namespace, label }) => ({
      found: `네임스페이스 ${namespace}에 레이블 ${label}이(가) 붙어 있음`,
      means: "이 네임스페이스의 게이트웨이에 프록시가 주입되지 않아 파드가 시작하지 못함",
      do: `레이블 제거: kubectl label namespace ${namespace} ${label.replace(/=.*/, "")}-`,
    }),
    refused: ({ objects, namespace = "", said, by }) => ({
      found: `클러스터가 드라이런에서 거부한 것: ${list(objects)}. 이유: ${said}`,
      means: "pulumi up이 실패하거나, 만들어지지 않는 파드를 기다리게 됨",
      do: {
        podSecurity: `네임스페이스 ${namespace}이(가) 이 파드를 허용하도록 수준 변경: kubectl label namespace ${namespace} --overwrite ${ENFORCE}=baseline 또는 privileged`,
        podSecurityOfSidecars: `주입된 파드는 NET_ADMIN 권한의 init 컨테이너로 네트워크를 설정함. 클러스터에 Istio의 cni 차트를 설치하고 istio.values.istiod.pilot.cni.enabled를 true로 설정하거나, 네임스페이스 ${namespace}에 레이블 ${ENFORCE}=privileged 추가. 사이드카를 쓰는 다른 네임스페이스도 같음`,
        quota:
          "ResourceQuota나 LimitRange를 늘리거나 요청량과 한도 설정: istiod.resources, gateway.resources, ingress.resources, sample.resources, istio.values.istiod.global.proxy.resources",
        ...remedies(nameOf(by)),
        other: "출력된 원인을 해결하거나 클러스터 관리자에게 허용 요청",
      }[by.is],
    }),
    refusedInDefault: ({ objects, namespace, said, by }) => ({
      found: `네임스페이스 ${namespace}이(가) 아직 없어 default에서 드라이런했더니 클러스터가 거부한 것: ${list(objects)}. 이유: ${said}`,
      means: `네임스페이스 ${namespace}에도 적용되면 pulumi up이 실패함`,
      do: remedies(by.name)[by.is],
    }),
    namesTaken: ({ namespace, objects, severity }) => ({
      found: `네임스페이스 ${namespace}에 메시가 쓸 이름의 다른 객체가 있음: ${list(objects)}`,
      means:
        severity === "error"
          ? "pulumi up이 이 객체를 변경하지 않고 실패함"
          : "pulumi up이 실패하거나 이 객체를 덮어쓸 수 있음",
      do:
        namespace === "istio-system"
          ? "사용하는 곳이 없으면 삭제"
          : "sample.namespace를 다른 이름으로 바꾸거나, 이 객체 삭제",
    }),
    dryRunsRefused: ({ webhooks }) => ({
      found: `드라이런을 받지 않는 웹훅: ${list(webhooks)}. 이 웹훅이 무엇을 거부할지는 미리 알 수 없음`,
      ...FIXED,
    }),
    gatewayApi: ({ release, ours }) => ({
      found: `Gateway API ${release}: ${ours ? "이 프로그램이 설치함" : "클러스터에 있던 것이라 유지함"}`,
      ...FIXED,
    }),
    gatewayApiComes: ({ release, from }) => ({
      found: `Gateway API ${release ?? "(gatewayApi.source의 것)"}을(를) ${from === undefined ? "설치함" : `${from} 대신 설치함`}`,
      ...FIXED,
    }),
    noGatewayApi: () => ({ found: "Gateway API가 없고, 설정에도 설치하지 않도록 되어 있음", ...FIXED }),
    gatewayApiKindsIgnored: ({ release, istio, kinds, wanted, ours }) => ({
      found: `Istio ${istio}이(가) Gateway API ${release}의 ${list(kinds)}을(를) 무시함. 이 Istio는 ${wanted} 기준`,
      means: "이 종류의 리소스는 적용되지 않으며, 어디에도 표시되지 않음",
      do: ours
        ? `gatewayApi.source를 ${wanted}의 매니페스트로 바꾸거나 삭제`
        : `사용하지 않는 종류면 조치 불필요. 사용하면 클러스터의 Gateway API를 ${wanted}(으)로 교체`,
    }),
    gatewayApiDiffers: ({ releases, wanted, is }) => ({
      found: `클러스터에 Gateway API ${list(releases)}이(가) 이미 있음. 설정(gatewayApi.source)의 릴리스: ${wanted}`,
      means: {
        newer: "변경하지 않음. 이 Istio가 지원하지 않는 항목이 있을 수 있음",
        older: "변경하지 않음. 오래된 버전의 리소스는 Istio가 무시함",
        mixed: "변경하지 않음. 서로 다른 릴리스의 CRD가 섞여 있어 함께 동작하지 않을 수 있음",
      }[is],
      do: "Gateway API의 리소스를 직접 사용하지 않으면 조치 불필요. 사용하면 Istio에 맞는 릴리스 확인",
    }),
    rootKept: ({ root }) => ({ found: `메시의 루트 인증서가 유지됨 (${root}…)`, ...FIXED }),
    rootWouldChange: ({ field, live, wanted }) => ({
      found: `${field} 때문에 메시의 루트 인증서가 교체됨. 현재 값 ${live}, 설정 값 ${wanted}`,
      means:
        "루트가 한 번에 바뀌지만 istiod는 재시작할 때만 새 루트를 읽음. 모든 istiod와 워크로드가 재시작될 때까지 클러스터끼리 서로의 인증서를 거부함",
      do: `${field}을(를) 이전 값으로 복원. 다른 루트로 바꾸려면 새 설정을 csp-mesh:rootRotation.ca에 적고 npm run mesh -- rotate-root 실행`,
    }),
    rootsDiffer: ({ root, peer, peerRoot }) => ({
      found: `루트 인증서가 ${root}…인데 ${peer}의 루트는 ${peerRoot}…임`,
      means: "늦어도 istiod나 워크로드가 재시작되면 클러스터끼리 서로의 인증서를 거부함",
      do: "`pulumi stack output mesh`의 rootCertificate와 비교. 루트가 다른 쪽 클러스터에서 `kubectl -n istio-system delete secret cacerts`를 실행하고 pulumi up --refresh를 실행한 뒤, 그 클러스터의 istiod와 워크로드 재시작",
    }),
    rootStepSkipped: ({ live, wanted }) => ({
      found: `루트 교체 단계를 건너뜀. 클러스터는 "${live}" 단계이고 설정은 "${wanted}" 단계임`,
      means: "인증서나 신뢰하는 루트가 아직 이전 단계에 있는 워크로드가 거부됨",
      do: "모든 단계를 차례로 거치며 단계마다 메시를 확인하는 npm run mesh -- rotate-root를 실행하거나, rotate-root --back으로 복원",
    }),
    rootUnreadable: () => ({
      found: "시크릿 istio-system/cacerts의 root-cert.pem이 없거나 인증서가 아님",
      means: "istiod가 재시작하지 못할 수 있고, 설정이 메시의 루트를 유지하는지 확인할 수 없음",
      do: "`kubectl -n istio-system delete secret cacerts`를 실행한 뒤 pulumi up --refresh 실행. 시크릿이 다시 생성됨",
    }),
    sampleMoves: ({ version, wanted, field }) => ({
      found: `샘플이 reviews-v${version}인데, 목록의 순서에 따라 v${wanted}(으)로 변경됨`,
      means: "샘플이 다시 생성되고, 버전별 트래픽 비율이 다른 클러스터에 적용됨",
      do: `유지하려면 ${field}에 현재 실행 중인 샘플의 버전 설정`,
    }),
    rootEnds: ({ date, days }) => ({
      found: `메시의 루트 인증서가 ${date}에 만료됨. ${days}일 남음`,
      means: "만료되면 메시의 통신이 모두 끊기며, pulumi up으로 갱신되지 않음",
      do: "만료 전에 루트 교체(가이드 6.4절). 만료 14일 전부터 npm run mesh -- status가 오류로 종료됨",
    }),
    clock: ({ accuracy }) => ({ found: `작업 머신과의 시계 차이가 ${accuracy}초를 넘지 않음`, ...FIXED }),
    clockDiffers: ({ cluster, peer, seconds, is, bound, severity }) => ({
      found: `시계가 ${peer ?? "작업 머신"}보다 ${seconds}초 ${is === "ahead" ? "빠름" : "느림"}. 한계: ${bound}초`,
      means:
        peer === undefined
          ? is === "behind"
            ? `${cluster}이(가) 작업 머신이 만든 인증서를 ${seconds}초 동안 유효하지 않은 것으로 판단함`
            : "인증서와 토큰이 기재된 시각보다 일찍 만료됨"
          : severity === "error"
            ? "사이드카가 서로의 인증서를 거부함. Istio는 인증서의 유효 기간 시작을 발급 시점보다 120초만 앞당김"
            : "차이가 120초가 되면 인증서를 거부함. Istio는 인증서의 유효 기간 시작을 발급 시점보다 그만큼만 앞당김",
      do: "노드와 컨트롤 플레인, 작업 머신의 시각 동기화 (NTP, chrony)",
    }),
  },
};
