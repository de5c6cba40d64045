// What the proof says, in Korean, as `problemsKo.ts`.

export const proofKo: Readonly<Record<string, string>> = {
  "hint: {}": "조치: {1}",
  "({} s)": "({1}초)",
  "({})": "({1})",
  "mesh {} ({}): all {} checks passed": "메시 {1} ({2}): 점검 {3}개 모두 통과",
  "mesh {} ({}): {} of {} checks failed": "메시 {1} ({2}): 점검 {4}개 중 {3}개 실패",
  "the mesh has no sample: set csp-mesh:sample.enabled to true and run pulumi up":
    "메시에 요청을 보낼 샘플이 없습니다. csp-mesh:sample.enabled를 true로 설정하고 pulumi up을 실행해야 합니다",
  "not run, because a check before it failed": "앞선 점검이 실패하여 실행하지 않음",

  "every cluster answers": "모든 클러스터의 응답",
  "each cluster answers its own callers": "각 클러스터의 자체 응답",
  "istiod has synced every other cluster": "istiod의 다른 클러스터 동기화",
  "the caller's identity arrives": "호출자 신원 전달",
  "live certificates chain to the one root": "사용 중인 인증서의 루트 연결",
  "a cluster that is cut off gets no requests, and gets them again afterwards": "차단된 클러스터의 제외와 복귀",
  "other clusters answer if and only if a cluster's own reviews are down":
    "클러스터의 reviews가 중단된 동안에만 다른 클러스터가 응답",

  "from {}: {}{}": "출발지 {1}: {2}{3}",
  "({}, last: {})": "({1}, 마지막: {2})",
  nobody: "없음",
  "{} failed": "실패 {1}건",
  "{} from elsewhere": "다른 곳의 응답 {1}건",
  "an answer from {}, which is not a pod of the mesh": "메시에 없는 파드 {1}의 응답",
  "an answer from {}": "{1}의 응답",
  "name not resolved": "이름 조회 실패",
  "connection refused": "접속 거부",
  "timed out": "시간 초과",
  "empty reply": "빈 응답",
  "connection reset": "접속 끊김",
  "no curl in the container": "컨테이너에 curl 없음",
  "curl exit {}{}": "curl 종료 코드 {1}{2}",
  "HTTP 200 without a podname: {}": "podname이 없는 HTTP 200 응답: {1}",
  "{} requests from {}/{} gave {} outcomes (exit code {}): {}":
    "요청 {1}건(파드 {2}/{3})의 결과가 {4}건입니다 (종료 코드 {5}): {6}",
  "no pod of app={} in namespace {} is ready": "네임스페이스 {2}에 준비된 app={1} 파드가 없습니다",
  "{} gets no answer from {}: check that its nodes reach {}'s gateway, {} (firewall, load balancer), and that {}'s istiod has synced {}":
    "출발지 {1}에서 {2}의 응답을 받지 못했습니다. 노드에서 {3}의 게이트웨이 {4}에 접속할 수 있는지(방화벽, 로드 밸런서), {5}의 istiod가 {6} 클러스터와 동기화되었는지 확인해야 합니다",
  "check the log of the caller's proxy: kubectl --context {} -n {} logs deploy/sleep -c istio-proxy":
    "호출자 프록시의 로그를 확인해야 합니다: kubectl --context {1} -n {2} logs deploy/sleep -c istio-proxy",

  "every cluster must answer first": "먼저 모든 클러스터가 응답해야 합니다",
  "{}'s {} logged {} requests, none of them an answered one of {}":
    "{1}의 {2} 로그에 요청이 {3}건 있으나, 출발지 {4}의 응답된 요청이 없음",
  "the sample's access log must be enabled (Telemetry in namespace {}), and {} must reach {}":
    "샘플의 액세스 로그가 켜져 있어야 하고(네임스페이스 {1}의 Telemetry), {2}에서 {3}에 접속할 수 있어야 합니다",
  "the certificate of {}": "{1}의 인증서",
  "{}, but X-Forwarded-Client-Cert {}": "{1}, X-Forwarded-Client-Cert는 {2}",
  "more than one trust domain: {}": "trust domain이 둘 이상: {1}",
  "meshConfig.trustDomain must be the same in every cluster":
    "meshConfig.trustDomain 값이 모든 클러스터에서 같아야 합니다",
  "{} in {} of {} directions": "{1}, 방향 {3}개 중 {2}개",
  "of a request of {}, {} saw {}": "출발지 {1}의 요청에서 {2}에 보인 신원: {3}",
  "wanted spiffe://<trust domain>/ns/{}/sa/{}: check that both pods have a sidecar and mTLS is STRICT":
    "spiffe://<trust domain>/ns/{1}/sa/{2} 신원이어야 합니다. 두 파드에 사이드카가 있고 mTLS가 STRICT인지 확인해야 합니다",

  "{}'s proxy gave no config dump: {}": "{1}의 프록시에서 config dump를 읽지 못했습니다: {2}",
  "not a config dump of Envoy: {}": "Envoy의 config dump가 아닙니다: {1}",
  "{} in {}: {}": "{2}의 {1}: {3}",
  "the Secret cacerts must exist before istiod starts; after a change restart istiod, then the workloads":
    "istiod가 시작하기 전에 시크릿 cacerts가 있어야 합니다. 바꾼 뒤에는 istiod, 워크로드 순서로 재시작해야 합니다",
  "{} workloads, root {}…; days left: leaf {}, intermediate {}, root {}":
    "워크로드 {1}개, 루트 {2}…; 남은 일수: 워크로드 {3}, 중간 {4}, 루트 {5}",
  leaf: "워크로드 인증서",
  intermediate: "중간 인증서",
  root: "루트 인증서",
  "the intermediate {}": "중간 {1}",
  "the root {}": "루트 {1}",
  "the proxy has no workload certificate": "프록시에 워크로드 인증서가 없음",
  "the leaf is a CA": "워크로드 인증서가 CA임",
  "the leaf is signed by the root itself, without an intermediate":
    "워크로드 인증서가 중간 인증서 없이 루트의 서명을 받음",
  "the intermediate {} is not a CA": "중간 인증서 {1}이(가) CA가 아님",
  "the root is not a CA": "루트 인증서가 CA가 아님",
  "the proxy does not trust the mesh's root {}": "프록시가 메시의 루트 {1} 인증서를 신뢰하지 않음",
  "the signature on the {} is not from the key of the mesh's root {}":
    "{1}의 서명이 메시의 루트 {2} 인증서의 키로 만든 것이 아님",
  "the issuer of the {}, {}, is neither in the chain nor the mesh's root":
    "{1}의 발급자 {2} 인증서가 함께 전송되지 않았고 메시의 루트도 아님",
  "the signature on the {} is not from the key of {}": "{1}의 서명이 {2} 인증서의 키로 만든 것이 아님",
  "the chain ends at another root, {}; the mesh's is {}": "다른 루트 인증서({1})로 이어짐. 메시의 루트: {2}",
  "the {} is not valid before {}": "{1}의 유효 기간 시작 전 ({2}부터)",
  "the {} expired at {}": "{1} 만료 ({2})",
  "the leaf is not for spiffe://<trust domain>{}, but for {}":
    "워크로드 인증서의 신원이 spiffe://<trust domain>{1} 값이 아님. 현재 값: {2}",
  "without a name": "이름 없음",

  "without the gateway of {}: {}": "{1}의 게이트웨이가 없을 때: {2}",
  "only the others should answer: see who else serves {}'s gateway address, and outlier detection for requests that hang":
    "나머지만 응답해야 합니다. {1}의 게이트웨이 주소로 응답하는 다른 것이 있는지, 응답 없는 요청에 outlier detection이 동작하는지 확인해야 합니다",
  "after the gateway of {} came back: {}": "{1}의 게이트웨이가 복귀한 뒤: {2}",
  "check that the load balancer of {} has found its new gateway pods":
    "{1}의 로드 밸런서가 새 게이트웨이 파드를 인식했는지 확인해야 합니다",
  "without {}, {}": "{1} 제외 시 {2}",
  "{}; all clusters answered again afterwards": "{1}; 매번 복귀 후 모두 응답",

  "with the reviews of {} down, {}": "{1}의 reviews 중단 시 {2}",
  "check that {}'s nodes reach the others' gateways, and that its DestinationRule reviews has outlierDetection":
    "{1}의 노드에서 다른 클러스터의 게이트웨이에 접속할 수 있는지, DestinationRule reviews에 outlierDetection이 있는지 확인해야 합니다",
  "with the reviews of {} back, {}": "{1}의 reviews 복귀 후 {2}",
  "check that nodes and proxies of {} have the cluster's name: Istio prefers endpoints with the same topology.istio.io/cluster":
    "{1}의 노드와 프록시가 클러스터 이름을 쓰는지 확인해야 합니다. topology.istio.io/cluster로 가까운 곳이 정해집니다",
  "with {}'s down, {}": "{1}의 reviews 중단 시 {2}",
  "{}; its own cluster answered again afterwards": "{1}; 매번 복귀 후 자체 응답",

  "no istiod is ready in {}": "{1}: 준비된 istiod 없음",
  "find the cause: kubectl -n istio-system describe pods -l app=istiod":
    "원인 확인: kubectl -n istio-system describe pods -l app=istiod",
  "{} in {} calls its own cluster {}": "{2}의 {1}: 자기 클러스터의 이름이 {3}",
  "istiod's value global.multiCluster.clusterName must be {}":
    "istiod의 global.multiCluster.clusterName 값은 다음과 같아야 합니다: {1}",
  "{} in {} does not know {}; it knows {}": "{2}의 {1}: {3} 클러스터를 알지 못함. 알고 있는 클러스터: {4}",
  "a Secret with label istio/multiCluster=true and data key {} must be in istio-system of {}":
    "레이블 istio/multiCluster=true와 데이터 키 {1} 항목이 있는 시크릿이 {2}의 istio-system에 있어야 합니다",
  "{} in {} knows {} twice, from {} and {}": "{2}의 {1}: {3} 클러스터가 두 번 등록됨 (시크릿 {4}, {5})",
  "delete the Secret that is not this program's": "이 프로그램이 만들지 않은 것을 삭제해야 합니다",
  "{} in {}: {} is {} ({})": "{2}의 {1}: {3} 상태 {4} ({5})",
  "check that {} reaches the API server of {} (address, firewall, access list) and that its token is valid":
    "{1}에서 {2}의 API 서버에 접속할 수 있는지(주소, 방화벽, 접근 제어), 토큰이 유효한지 확인해야 합니다",
  "{} replica{}": "레플리카 {1}개{2}",

  "still there after {} s: {}": "{1}초가 지나도 남아 있습니다: {2}",
  "{} already has 0 replicas; {}": "{1}의 레플리카가 이미 0개입니다. {2}",
  "an unfinished proof left {} with 0 replicas": "끝나지 않은 검증이 {1}의 레플리카를 0개로 남겼습니다",
  "{}; put back to {}": "{1}. {2}개로 복원했습니다",
  "{}. It has NO {} now": "{1}. 지금 이 클러스터에 없는 것: {2}",
  "{}; tried again for {} min, or {}": "{1}. {2}분 동안 다시 시도합니다. 직접 {3}",
  "restore it: kubectl --context {} -n {} {}": "복원: kubectl --context {1} -n {2} {3}",
  "{} has {} of {} replicas ready after {} s": "{1}: {4}초가 지났으나 레플리카 {3}개 중 {2}개만 준비되었습니다",

  'its kubeconfig is a secret in the stack output "kubeconfigs"; use --stack instead of a file':
    'kubeconfig가 스택의 시크릿(출력 "kubeconfigs")입니다. 파일 대신 스택을 지정해야 합니다',
  'this is not the stack output "kubeconfigs"': '스택 출력 "kubeconfigs"가 아닙니다',
  'this is not the stack output "mesh":': '스택 출력 "mesh"가 아닙니다:',
  'this is not the stack output "mesh": it is not JSON, it starts with {}':
    '스택 출력 "mesh"가 아닙니다. JSON이 아니며 다음으로 시작합니다: {1}',
};
