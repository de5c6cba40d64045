import type { Messages, OperationMessages } from "./messages.ts";

export const operationsKo: OperationMessages = {
  states: {
    token: (cluster, generation) =>
      `${cluster}: 세대 ${generation}의 새 토큰을 다른 클러스터에 배포하고, 사용을 확인한 뒤 이전 토큰 폐기`,
    intermediate: (cluster, generation) =>
      `${cluster}: 같은 루트 아래에서 세대 ${generation}의 키와 중간 인증서를 만들고, 모든 istiod가 새 중간 인증서로 서명하는지 확인`,
    joined: (cluster) => `${cluster}: Istio, 게이트웨이, 샘플 설치. 이후 이 클러스터와 다른 클러스터가 서로를 감시`,
    leaving: (cluster) =>
      `${cluster}: 다른 클러스터에서 이 클러스터의 원격 시크릿을 제거. 이 클러스터 안은 변경하지 않음`,
    removed: (cluster) => `${cluster}: 클러스터에서 Istio와 메시의 나머지 리소스를 모두 제거`,
    root: {
      trust: "모든 클러스터: 모든 프록시와 istiod가 두 루트를 함께 신뢰",
      issue: "모든 클러스터: 모든 istiod가 새 루트 아래에서 서명",
      renew: "모든 클러스터: 재시작 없이 모든 워크로드가 새 루트 아래의 인증서를 발급받음",
      drop: "모든 클러스터: istiod를 재시작해 이전 루트를 더는 신뢰하지 않게 함. 이 단계부터 되돌릴 수 없음",
      done: "모든 클러스터: 모든 프록시가 이전 루트를 신뢰하지 않으며, 스택에서도 제거",
    },
    istio: [
      (cluster, version) => `${cluster}: 이전처럼 Istio ${version}만 남음. CRD의 버전은 낮추지 않음`,
      (cluster, version) =>
        `${cluster}: CRD를 Istio ${version}(으)로 올리고, 기존 istiod 옆에 같은 버전의 두 번째 istiod 설치`,
      (cluster, version) => `${cluster}: 샘플이 두 번째 istiod ${version}의 프록시를 사용`,
      (cluster, version) =>
        `${cluster}: 게이트웨이가 두 번째 istiod ${version}의 프록시를 사용. 서비스와 주소는 그대로`,
      (cluster, version) =>
        `${cluster}: 기존 istiod를 ${version}(으)로 올림. 다른 네임스페이스의 파드는 다시 생성될 때 새 프록시를 사용`,
      (cluster, version) => `${cluster}: 샘플과 게이트웨이가 ${version} 버전의 기존 istiod로 돌아옴`,
      (cluster, version) => `${cluster}: 두 번째 istiod 제거. ${version} 버전의 istiod 하나만 남음`,
    ],
    inPlace: (cluster, version) => `${cluster}: CRD, istiod, 게이트웨이, 샘플을 그 자리에서 ${version}(으)로 올림`,
    workloads: (cluster, version) => `${cluster}: 프록시 버전이 ${version}과(와) 다른 워크로드 재시작`,
    upgraded: (version) => `모든 클러스터: istio.version을 ${version}(으)로 설정하고, Gateway API를 그 버전에 맞춤`,
  },
  sets: (field) => `설정: ${field} 기록`,
  inserts: (field) => `설정: ${field} 삽입`,
  removes: (field) => `설정: ${field} 삭제`,
  plan: (command, states) =>
    `${command}: 남은 단계 ${states}개. 단계마다 설정을 기록하고, pulumi up을 실행하고, 메시를 확인합니다(단계 확인).`,
  resumes: (command, reached, states) =>
    `${command} 작업이 진행 중입니다. ${states}단계 중 ${reached}단계까지 마쳤으며, 이어서 진행합니다.`,
  ask: (command) => `${command} 작업을 진행할까요? (y/N)`,
  noTerminal: "확인을 받을 터미널이 없습니다. --yes 옵션이 필요합니다",
  declined: "취소했습니다. 변경한 것은 없습니다.",
  takenBack: (state) => `되돌림: ${state}`,
  notUnderWay: (command, instead) =>
    `진행 중인 작업이 아니므로 되돌릴 것이 없습니다: ${command}. 변경한 것은 없습니다. ${instead}`,
  noWayBack: (command, instead) =>
    `더는 되돌릴 수 없습니다. 변경한 것은 없습니다. ${instead} 작업을 마치는 명령: ${command}`,
  goesBack: (command, back) =>
    `작업을 되돌리는 중입니다. 변경한 것은 없습니다. 먼저 되돌리기를 마쳐야 합니다: ${back}. 그다음 다시 시작할 수 있습니다: ${command}`,
  instead: {
    upgrade: "완료된 업그레이드는 되돌리지 않습니다. 다른 버전을 쓰려면 다시 업그레이드합니다.",
    "rotate-tokens": "새 토큰의 사용이 확인되면 이전 토큰은 바로 폐기됩니다. 토큰을 바꾸려면 다시 교체합니다.",
    "rotate-root": "이전 루트를 제거한 뒤에는 다시 교체해야 다른 루트를 쓸 수 있습니다.",
    distrust: "이전 루트를 제거한 뒤에는 다시 교체해야 다른 루트를 쓸 수 있습니다.",
    "renew-intermediates": "새 키를 만들면 이전 키는 삭제됩니다. 다른 키로 바꾸려면 다시 교체합니다.",
    add: "클러스터에 만든 리소스는 npm run mesh -- remove NAME으로 제거합니다.",
    remove: "항목이 제거되면 프로그램이 클러스터에 만든 리소스도 모두 제거됩니다. 그 뒤에는 새 클러스터로 추가합니다.",
  },
  running: (running, reached, states) =>
    `다른 작업이 진행 중입니다: ${running} (${states}단계 중 ${reached}단계 완료). 변경한 것은 없습니다. 먼저 그 명령을 다시 실행해 끝내야 합니다`,
  otherMeanwhile: (running) =>
    `그사이 다른 실행이 설정을 바꿨습니다: ${running}. 이 실행은 멈췄습니다. 다른 실행이 모두 끝난 뒤 그 명령을 다시 실행해야 합니다`,
  noneMeanwhile: "그사이 다른 실행이 이 작업을 끝냈거나 취소했습니다. 이 실행은 멈췄습니다.",
  undeclared: (fields, command) =>
    `작업 중에 설정이 바뀌어, 이 작업이 기록한 단계가 설정에 남아 있지 않습니다. 메시는 마지막 pulumi up의 상태 그대로입니다. 다음 항목을 되돌려야 합니다:\n${fields}\n되돌린 뒤 다시 실행해야 합니다: ${command}`,
  badState: (state, problems) =>
    `다음 단계에서 설정을 쓸 수 없으므로 아무것도 바꾸지 않았습니다: ${state}\n${problems}`,
  badRecord: (problems) =>
    `설정에 적힌 작업을 해석할 수 없습니다:\n${problems}\n고치거나 작업을 취소해야 합니다: pulumi config rm csp-mesh:operation`,
  notSettable: (field) =>
    `${field}이(가) 문자열 하나이거나 전체가 암호화되어 있어 Pulumi가 일부만 바꿀 수 없습니다. 목록이나 맵으로 적고 비밀 값만 암호화해야 합니다`,
  badSeconds: (option, value) => `${option}: "${value}"은(는) 초 단위의 수가 아닙니다. 정수를 지정해야 합니다. 예: 600`,
  up: "pulumi up 실행",
  upFailed: "pulumi up이 실패했습니다. 위의 오류를 해결해야 합니다",
  staleLock: "이 작업 머신에서 강제 종료된 실행이 남긴 스택의 잠금을 해제합니다",
  locked: (said, stack, checks) =>
    [
      `다른 실행이 스택을 잠그고 있습니다:\n${said}`,
      "그 실행이 끝난 뒤 다시 실행해야 합니다. 강제 종료된 실행이면 잠금이 남으며, 완전히 끝난 것을 확인한 뒤 해제할 수 있습니다. 해제하기 전에 확인할 사항:",
      ...(checks === "" ? [] : [checks]),
      "  - 이 스택에 pulumi를 실행 중인 파이프라인이나 동료가 없는지",
      `확인한 뒤 pulumi cancel --stack ${stack} 명령을 실행하고 이 명령을 다시 실행해야 합니다`,
    ].join("\n"),
  holder: (host, pid) => `${host}: ps -p ${pid}에 pulumi가 없는지`,
  holderHere: (pid) => `이 작업 머신: ps -p ${pid}에 pulumi가 없는지`,
  failed: (error, command) =>
    `${error}\n작업을 멈췄으며 진행 단계는 설정에 기록되어 있습니다. 원인을 해결한 뒤 다시 실행해야 합니다: ${command}`,
  gate: (seconds) => `단계 확인: 운영 중인 메시를 최대 ${seconds}초 동안 확인`,
  open: "단계 확인: 통과",
  notWhole: (obstacles) =>
    `이 작업에 필요한 요소에 장애가 있거나 작업으로 장애가 커질 수 있어 시작하지 않았습니다:\n${obstacles}\n먼저 해결한 뒤(조치: npm run mesh -- status) 명령을 다시 실행해야 합니다. 기다릴 수 없으면 --force 옵션을 사용할 수 있습니다. 이때 단계 확인에서 이 장애를 제외합니다`,
  tolerated: (obstacles) => `시작하기 전부터 있던 장애이므로 단계 확인에서 제외합니다:\n${obstacles}`,
  stopped: (seconds, obstacles, command) =>
    `${seconds}초 안에 단계 확인을 통과하지 못했습니다:\n${obstacles}\n더 변경한 것은 없습니다. 해결한 뒤(조치: npm run mesh -- status) 다시 실행해야 합니다: ${command}\n완전히 잃은 클러스터면 npm run mesh -- forget NAME을 실행한 뒤 같은 명령을 다시 실행해야 합니다`,
  obstacles: {
    notForgotten: (cluster, peer) =>
      `${cluster}: istiod가 아직 ${peer}을(를) 감시하거나 그 엔드포인트를 가지고 있습니다`,
    notLooked: (error) => `메시를 조회할 수 없습니다: ${error}`,
    withoutAgent: (cluster, pods) =>
      `${cluster}: PROXY_CONFIG_XDS_AGENT가 설정되기 전에 생성되어 새 루트를 받지 못하므로 재시작해야 하는 파드: ${pods}`,
    signsByOther: (cluster, pods) => `${cluster}: 아직 이 단계의 중간 인증서와 루트를 읽지 않은 istiod입니다: ${pods}`,
    acceptsFormer: (cluster, pods) =>
      `${cluster}: 이전 루트를 제거하기 전부터 실행되어 그 인증서를 아직 받아들이는 istiod입니다: ${pods}`,
    trustsOthers: (cluster, pods) => `${cluster}: 신뢰하는 루트가 아직 이 단계와 다른 프록시입니다: ${pods}`,
    leafOfOther: (cluster, pods) => `${cluster}: 인증서가 아직 다른 루트 아래에 있는 파드입니다: ${pods}`,
    proxyNotAsked: (cluster, pods, error) => `${cluster}: ${pods}의 프록시에서 인증서를 확인할 수 없습니다: ${error}`,
    istiodVersion: (cluster, wanted, found) =>
      `${cluster}: 기존 istiod는 ${wanted} 버전이어야 하지만 ${found} 버전의 파드가 있습니다`,
    notServed: (cluster, pods) => `${cluster}: 두 번째 istiod에 아직 연결되지 않은 프록시: ${pods}`,
    stillServed: (cluster, pods) =>
      `${cluster}: 다음 단계에서 제거할 두 번째 istiod에 아직 연결된 프록시: ${pods}. 네임스페이스나 파드에 레이블 istio.io/rev=next가 있으면 지우고 워크로드를 재시작해야 합니다`,
    nextMissing: (cluster) => `${cluster}: 새 버전의 두 번째 istiod(istiod-next)가 준비되지 않았습니다`,
    nextThere: (cluster) => `${cluster}: 두 번째 istiod(istiod-next)가 아직 남아 있습니다`,
  },
  noVersion: "--to가 없습니다. 모든 클러스터에 설치할 Istio 버전을 지정해야 합니다. 예: --to 1.31.0",
  badVersion: (version) => `--to: "${version}"은(는) 1.31.0과 같은 Istio 차트 버전이 아닙니다`,
  alreadyThere: (version) => `istio.version이 이미 ${version}입니다. 변경한 것은 없습니다`,
  cannotFollow: {
    older: (from, to) =>
      `Istio ${to}은(는) 메시의 ${from}보다 낮은 버전입니다. 변경한 것은 없습니다. 진행 중인 업그레이드는 --back으로 되돌립니다`,
    tooFar: (from, to) =>
      `${from}에서 ${to}까지는 마이너 버전 두 단계를 넘어 Istio가 지원하지 않습니다. 변경한 것은 없습니다. 두 버전 사이의 버전으로 먼저 업그레이드해야 합니다`,
  },
  otherUpgrade: (cluster, version) =>
    `${cluster}에 다른 업그레이드로 설정된 Istio ${version}이(가) 있습니다(csp-mesh:clusters[].istio). 변경한 것은 없습니다. 그 업그레이드를 먼저 끝내야 합니다`,
  unsupported: (cluster, kubernetes, lines) =>
    `${cluster}: 이 Istio는 클러스터의 Kubernetes ${kubernetes}을(를) 지원하지 않습니다. 지원하는 버전: ${lines || "없음"}. 변경한 것은 없습니다. Kubernetes를 먼저 올리거나, 다른 버전을 지정하거나, istio.allowUnsupported를 설정해야 합니다`,
  restarts: (workload) => `${workload} 재시작`,
  notRestarted: (pod) => `Deployment, StatefulSet, DaemonSet에 속하지 않아 재시작하지 않은 파드: ${pod}`,
  oldProxies: (list) => `
이후 할 일: 아래 파드는 다시 생성될 때까지 다른 버전의 프록시를 사용합니다. 해당 워크로드를 적당한 때에 재시작해야 합니다.
남은 수는 npm run mesh -- status에서 확인할 수 있습니다:
${list}
`,
  noOldProxies: "모든 프록시가 새 버전입니다.",
  interrupted: (signal, command) =>
    `${signal} 신호로 멈췄습니다. 진행 단계는 설정에 기록되어 있습니다. 이어서 진행하려면: ${command}`,
  proof: "검증",
  notProved: "작업은 끝났지만 검증을 통과하지 못했습니다. 확인: npm run proof",
  done: (command) => `완료: ${command}`,
  gone: (cluster, command) =>
    `${cluster}은(는) 없어진 클러스터라서(csp-mesh:clusters[].state) 교체할 토큰이 없습니다. 항목을 제거하는 명령: ${command}`,
  rootMissing: (source) =>
    `ca.source가 "${source}"이므로 프로그램이 다른 루트를 만들 수 없습니다. 변경한 것은 없습니다. 새 설정을 csp-mesh:rootRotation.ca에 적은 뒤 명령을 다시 실행해야 합니다`,
  rootUnderWay: (phase) =>
    `csp-mesh:rootRotation.phase가 "${phase}"인데 설정에 적힌 작업이 없습니다. 변경한 것은 없습니다. 직접 한 단계씩 진행하거나, 같은 방법으로 "prepared"까지 되돌려야 합니다`,
  distrustUnknown: (cluster, clusters) =>
    `"${cluster}"은(는) csp-mesh:clusters에 없습니다: ${clusters}. 메시에서 제거된 클러스터의 중간 인증서를 무효화하려면 루트를 교체해야 합니다: npm run mesh -- rotate-root`,
  distrusted: (cluster) => `
이후 할 일:
  - 도난당한 키로 이미 열린 연결은 한쪽이 닫을 때까지 유지됩니다. 기다릴 수 없는 워크로드는 재시작해야 합니다.
  - ${cluster}의 시크릿 cacerts를 읽은 사람은 같은 네임스페이스에 있는 다른 클러스터의 토큰도 읽을 수 있었습니다.
    npm run mesh -- rotate-tokens 명령으로 교체해야 합니다.
  - ${cluster}의 새 중간 인증서도 같은 시크릿에 있습니다. 그 클러스터의 istio-system에서 누가 시크릿을 읽을 수 있는지 확인해야 합니다.
`,
  silent: (cluster, error, command) =>
    `${cluster}이(가) 응답하지 않아 제거할 수 없습니다: ${error}. 변경한 것은 없습니다. 완전히 잃었으면 ${command} 명령을 실행한 뒤 이 명령을 다시 실행해야 합니다`,
  ownIntermediates: (cluster) =>
    `csp-mesh:ca.source가 "intermediates"이므로 프로그램이 키를 만들지 않습니다. csp-mesh:ca.intermediates.${cluster}에 새 인증서와 키를 넣고 pulumi up을 실행해야 합니다`,
  add: {
    exists: (cluster, field, options) =>
      `${cluster}은(는) 이미 설정에 있으므로(${field}) ${options} 옵션은 아무것도 바꾸지 않습니다. 그 항목을 고친 뒤 이름만 주어 명령을 실행해야 합니다`,
    leaves: (cluster, field) =>
      `${cluster}은(는) 메시에서 제거하는 중이거나 없어진 클러스터입니다(${field}). 다시 추가하려면 그 값을 지우고, 쓰지 않는 항목이면 npm run mesh -- remove로 제거합니다`,
    member: (cluster) =>
      `${cluster}은(는) 이미 메시에 있습니다. 변경한 것은 없습니다. 상태는 npm run mesh -- status로 확인합니다`,
    needs: (option) => `클러스터가 아직 csp-mesh:clusters에 없으므로 ${option} 옵션이 필요합니다`,
    noText:
      "여러 줄로 된 옵션 값이 있습니다. kubeconfig는 경로로 지정해야 합니다. 내용을 넣으려면 csp-mesh:clusters에 항목을 적고 내용을 암호화한 뒤(pulumi config set --secret --path) 옵션 없이 명령을 실행해야 합니다",
    badPosition: (value, last) =>
      `--at: "${value}"은(는) csp-mesh:clusters의 위치가 아닙니다. 1부터 ${last}까지 지정해야 합니다`,
    intermediate: (cluster) =>
      `csp-mesh:ca.source가 "intermediates"인데 새 클러스터의 중간 인증서가 없습니다. 변경한 것은 없습니다. csp-mesh:clusters에 항목을 적고 csp-mesh:ca.intermediates.${cluster}에 인증서와 키를 넣은 뒤(키는 pulumi config set --secret --path KEY < FILE) 이름만 주어 명령을 실행해야 합니다`,
    silent: (cluster, error) =>
      `${cluster}이(가) 응답하지 않습니다: ${error}. 변경한 것은 없습니다. --kubeconfig나 --context를 고치거나, 작업 머신에서 API 서버에 접속할 수 있는지 확인해야 합니다`,
    added: (cluster) => `
이후 할 일:
  - ${cluster}과(와) 다른 클러스터 사이의 방화벽 규칙은 npm run mesh -- firewall로 확인합니다.
  - 이 클러스터의 샘플은 모든 클러스터에 응답합니다. 기존 파드에는 다시 생성될 때 사이드카가 주입됩니다.
`,
  },
  removed: (cluster) => `
이후 할 일:
  - ${cluster}에는 다른 클러스터의 토큰이 있었습니다. 그 클러스터의 관리자가 더는 나머지 클러스터의 시크릿을 읽지 못하게 하려면
    npm run mesh -- rotate-tokens를 실행합니다.
  - 이 클러스터의 중간 인증서는 메시의 루트가 서명했으므로 만료될 때까지 신뢰받습니다. 그 키를 복사해 둔 사람은 만료나 루트 교체 전까지
    신원을 발급할 수 있습니다.
  - 방화벽 규칙이 아직 열려 있습니다. 계속 필요한 규칙은 npm run mesh -- firewall로 확인합니다.
`,
  intermediate: (cluster) =>
    `  - csp-mesh:ca.intermediates.${cluster}의 인증서와 키를 설정에서 지웠습니다.
`,
};

const options = `  --back              되돌릴 수 있는 동안, 진행 중인 작업을 시작 전 상태로 되돌림
  --dry-run           남은 단계만 보여 줌
  --yes               묻지 않음
  --force             작업에 필요한 요소에 장애가 있어도 시작. 단계 확인에서 그 장애를 제외
  --wait SECONDS      단계 확인에서 기다리는 최대 시간(초) (기본값: csp-mesh:awaitSeconds)
  --stack NAME        메시의 스택 (기본값: 선택된 스택)
  --config-file FILE  Pulumi.NAME.yaml 대신 이 설정 파일을 사용
  --output KIND       table 또는 json (기본값: table). json이면 진행 상황은 표준 오류로 출력
  --lang ko|en        모든 문구의 언어

멈추거나 강제 종료되어도 같은 명령을 다시 실행하면 이어서 진행합니다. 다른 사람이 실행해도 됩니다. 진행 단계는 설정의
csp-mesh:operation에 기록됩니다. 운영 중인 메시에 오류가 없으면 단계 확인을 통과합니다. 시작하기 전부터 있었고 작업과 무관한
오류는 제외합니다.

종료 코드: 0 완료, 1 거부, 취소 또는 단계 확인 실패, 2 실행할 수 없거나 pulumi up 실패.
`;

export const operationCommandsKo: Pick<
  Messages["commands"],
  "add" | "distrust" | "remove" | "renew-intermediates" | "rotate-root" | "rotate-tokens" | "upgrade"
> = {
  add: {
    summary: "클러스터를 메시에 추가",
    usage: `목록의 원하는 위치에 클러스터를 추가합니다. csp-mesh:clusters에 항목을 적고 pulumi up을 실행합니다. pulumi up은 아무것도 만들기 전에 클러스터를 점검합니다.
그다음 이 클러스터와 다른 클러스터 사이의 모든 방향의 통신을 확인합니다. 다른 클러스터의 샘플은 바뀌지 않습니다. 옵션으로 지정할 수 없는
설정(로드 밸런서, 노드 셀렉터 등)은 항목을 직접 적고, 명령에는 이름만 줍니다.

npm run mesh -- add NAME --context CONTEXT [옵션]
  --context CONTEXT   kubeconfig의 컨텍스트
  --kubeconfig PATH   kubeconfig 파일 (기본값: ~/.kube/config)
  --csp KIND          클라우드: ncloud, nhn, kt 또는 generic (기본값: generic)
  --network NAME      파드의 네트워크 (기본값: 클러스터 이름)
  --api-server URL    다른 클러스터가 접속하는 API 서버 주소 (기본값: kubeconfig의 주소)
  --external-address ADDRESS
                      게이트웨이 주소. 로드 밸런서에 주소를 주지 않는 클라우드(kt)에 필요
  --at POSITION       목록에서의 위치, 1부터 (기본값: 맨 끝)
${options}
pulumi up이 클러스터를 거부하면 원인을 해결한 뒤 명령을 다시 실행합니다. 아무것도 만들기 전에 취소하려면
pulumi config rm csp-mesh:operation을 실행하고 항목을 지웁니다. 이미 만들었으면 같은 명령에 이어 npm run mesh -- remove NAME을 실행합니다.
`,
  },
  distrust: {
    summary: "도난당한 중간 인증서 무효화",
    usage: `키를 도난당한 클러스터의 중간 인증서를 무효화합니다. rotate-root처럼 루트를 교체하므로 모든 클러스터가 새 루트 아래의 중간 인증서를 받고,
모든 워크로드가 인증서를 다시 발급받으며, 이전 루트 아래의 것은 더는 받아들이지 않습니다. 요청은 하나도 실패하지 않습니다. istiod는
재시작해야 이전 루트의 인증서를 거부하므로 재시작합니다. 폐기 목록(CRL)으로는 부족합니다. istiod가 폐기 목록을 무시하고, 도난당한 키로
접속해도 새 중간 인증서 아래의 인증서를 서명해 주기 때문입니다. 먼저 그 클러스터의 시크릿을 더는 읽지 못하게 막아야 합니다.
ca.source가 generated가 아니면 새 루트를 csp-mesh:rootRotation.ca에 적어야 합니다.

npm run mesh -- distrust NAME [옵션]
${options}`,
  },
  "renew-intermediates": {
    summary: "같은 루트 아래에서 키와 중간 인증서 교체",
    usage: `한 클러스터의 istiod에, 또는 모든 클러스터에 하나씩, 같은 루트 아래의 새 키와 중간 인증서를 발급합니다. 요청은 하나도 실패하지 않습니다.
교체할 때마다 모든 istiod가 새 중간 인증서로 서명하는지, 그 클러스터의 게이트웨이와 샘플의 인증서가 루트까지 이어지는지 확인합니다.
프록시의 인증서는 갱신될 때, 늦어도 반나절 안에 새 중간 인증서가 서명한 것으로 바뀝니다. 이전 중간 인증서는 만료될 때까지 유효하므로 도난당한
키에 대한 대책은 아닙니다.

npm run mesh -- renew-intermediates [NAME] [옵션]
${options}`,
  },
  remove: {
    summary: "동작하는 클러스터를 메시에서 제거",
    usage: `목록의 어느 위치에 있든 클러스터를 메시에서 제거합니다. 먼저 다른 클러스터에서 이 클러스터의 원격 시크릿을 제거하고 이를 확인한 뒤,
프로그램이 만든 리소스를 모두 제거합니다. 다른 클러스터의 샘플은 바뀌지 않습니다. 없어진 클러스터(forget)의 항목도 제거할 수 있습니다.

npm run mesh -- remove NAME [옵션]
${options}`,
  },
  "rotate-root": {
    summary: "메시의 루트 인증서 교체",
    usage: `모든 클러스터가 서로를 신뢰하는 근거인 루트를 단계별로 교체합니다. 한 단계가 모든 클러스터에서 끝나야 다음 단계로 갑니다. 두 루트를 함께
신뢰하고, 모든 istiod가 새 루트 아래에서 서명하고, 모든 워크로드가 인증서를 다시 발급받은 뒤, 이전 루트를 제거합니다. istiod만
재시작합니다. 알고리즘, 조직, 자체 루트 등 새 루트의 설정은 csp-mesh:rootRotation.ca에 적을 수 있습니다.

npm run mesh -- rotate-root [옵션]
${options}`,
  },
  "rotate-tokens": {
    summary: "클러스터끼리 감시할 때 쓰는 토큰 교체",
    usage: `다른 클러스터가 한 클러스터를 감시할 때 쓰는 토큰을, 또는 모든 클러스터의 토큰을 하나씩 교체합니다. 요청은 하나도
실패하지 않습니다. 새 토큰을 만들어 배포하고, 모든 istiod가 사용하는 것을 확인한 뒤 이전 토큰을 폐기합니다.

npm run mesh -- rotate-tokens [NAME] [옵션]
${options}`,
  },
  upgrade: {
    summary: "클러스터를 하나씩 차례로 다른 Istio 버전으로 업그레이드",
    usage: `목록 순서대로 클러스터를 하나씩 업그레이드합니다. 마이너 버전이 바뀌면 CRD를 먼저 올리고 기존 istiod 옆에 새 버전의
두 번째 istiod를 설치합니다. 샘플, 게이트웨이 순서로 그 프록시를 사용하게 한 뒤 기존 istiod를 올리고, 모두 기존 istiod로 되돌린 다음
두 번째 istiod를 제거합니다. 패치 버전은 그 자리에서 올립니다. Istio가 각 클러스터의 Kubernetes를 지원해야 합니다.

npm run mesh -- upgrade --to VERSION [옵션]
  --to VERSION        1.31.0과 같은 Istio 차트 버전. 마이너 버전 두 단계까지
  --restart-workloads 이전 버전의 프록시를 쓰는 다른 네임스페이스의 워크로드도 재시작. 이 옵션이 없으면 마지막에 이름만 표시
${options}`,
  },
};
