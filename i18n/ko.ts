import { takeoverCommandKo, takeoverKo } from "./formerMeshKo.ts";
import type { Messages } from "./messages.ts";
import { operationCommandsKo, operationsKo } from "./operationsKo.ts";
import { preflightKo } from "./preflightKo.ts";
import { probeKo } from "./probeKo.ts";
import { statusKo } from "./statusKo.ts";
import { adoptKo, forgetKo } from "./takeoverKo.ts";

const PORT_NOTES_KO: Readonly<Record<number, string>> = {
  15443: " (필수: 다른 클러스터가 들어오는 포트)",
  15021: " (상태 확인용: HTTP, /healthz/ready)",
};

const output = "  --output KIND       table 또는 json (기본값: table)";

export const ko: Messages = {
  usage: (
    commands,
  ) => `스택 파일과 클러스터를 읽어 메시를 점검하고, 방화벽 규칙과 필요한 권한을 알려 주고, 운영 작업을 실행합니다.

npx mesh COMMAND [옵션] 또는 npm run mesh -- COMMAND [옵션]
${commands}
  --lang ko|en        모든 문구의 언어 (기본값: LC_ALL, LC_MESSAGES, LANG)
  --help, -h          이 도움말 또는 해당 명령의 도움말 (help COMMAND도 같음)
  --version           csp-mesh의 버전

종료 코드: 0 완료, 1 거부되었거나 점검에서 오류가 나옴, 2 실행할 수 없음.
`,
  commands: {
    ...operationCommandsKo,
    takeover: takeoverCommandKo,
    adopt: {
      summary: "상태나 암호를 잃어버린 메시를 이 스택으로 인수",
      usage: `이 프로그램이 만든 메시를, 이전 스택의 상태나 암호를 잃어버렸을 때 선택된 스택으로 인수합니다. 아무것도 재시작하지 않고
요청도 끊기지 않습니다. 먼저 스택 설정의 csp-mesh:ca를 클러스터에 있는 중간 인증서로 바꾸고(개인 키는 암호화), 그다음 클러스터마다
소유 표시를 이 스택으로 바꿉니다. 중간에 중단되면 다시 실행하면 됩니다.

npm run mesh -- adopt [옵션]
  --dry-run           바뀔 내용만 보여 줌
  --yes               묻지 않음. 이전 스택의 상태가 확실히 없을 때만 사용
  --stack NAME        메시를 인수할 스택 (기본값: 선택된 스택)
  --config-file FILE  Pulumi.NAME.yaml 대신 이 설정 파일을 사용
  --lang ko|en        모든 문구의 언어

종료 코드: 0 완료, 1 거부되었거나 취소함, 2 실행할 수 없음.
`,
    },
    firewall: {
      summary: "CSP별 보안 그룹 규칙",
      usage: `클러스터마다 CSP 보안 그룹이 어떤 접속을 어디에서 왜 허용해야 하는지, 무엇을 닫아야 하는지 보여 줍니다.
클러스터에는 접속하지 않으며, 스택 설정과 그 설정이 가리키는 kubeconfig만 읽습니다.

npm run mesh -- firewall [옵션]
  --stack NAME        설정을 읽을 스택 (기본값: 선택된 스택)
  --config-file FILE  Pulumi.NAME.yaml 대신 이 파일에서 설정을 읽음
  --output KIND       table, json, csv 또는 markdown (기본값: table). csv와 markdown은 방화벽 신청용 목록 하나로, 나가는
                      접속을 포함하고 pulumi up을 실행했으면 게이트웨이 주소도 적음 (npm: --silent run)
  --lang ko|en        모든 문구의 언어
`,
    },
    forget: {
      summary: "영구히 없어진 클러스터 표시",
      usage: `스택 설정에서 클러스터의 state를 "gone"으로 바꿉니다. 이후 pulumi up을 실행하면 나머지 클러스터에서 이 클러스터의 원격 시크릿이 제거되고,
더는 접속하지 않습니다. pulumi destroy는 설정을 읽지 않으므로 그 전에도 pulumi up을 실행해야 합니다. 아직 응답하는 클러스터는 거부합니다. 그런 클러스터는 remove로 제거합니다.

npm run mesh -- forget NAME [옵션]
  --force             클러스터가 응답하는지 확인하지 않음
  --stack NAME        설정을 바꿀 스택 (기본값: 선택된 스택)
  --config-file FILE  Pulumi.NAME.yaml 대신 이 설정 파일을 사용
  --lang ko|en        모든 문구의 언어

종료 코드: 0 완료, 1 클러스터가 응답함, 2 실행할 수 없음.
`,
    },
    preflight: {
      summary: "메시를 만들기 전에 클러스터의 문제를 점검",
      usage: `메시가 동작하지 못하게 하는 문제가 클러스터에 있는지 점검합니다. pulumi up도 아무것도 만들기 전에 같은 점검을 합니다.
확인된 것, 영향, 조치를 보여 줍니다. 읽기만 하며 아무것도 바꾸지 않습니다.

npm run mesh -- preflight [옵션]
  --probe             클러스터마다 잠시 파드를 실행해 다른 클러스터의 API 서버와, 메시가 있으면 게이트웨이의 접속도 점검(경로 점검)
  --stack NAME        설정을 읽을 스택 (기본값: 선택된 스택)
  --config-file FILE  Pulumi.NAME.yaml 대신 이 파일에서 설정을 읽음
${output}
  --lang ko|en        모든 문구의 언어

종료 코드: 0 메시가 동작할 수 있음, 1 동작할 수 없음, 2 설정을 쓸 수 없음.
`,
    },
    proof: {
      summary: "메시가 동작하는지 모든 클러스터에서 검증",
      usage: `메시가 동작하는지 검증합니다. 모든 클러스터에서 샘플에 요청을 보내고 istiod, 워크로드 신원, 인증서를 확인합니다.

npx mesh proof [옵션] 또는 npm run proof -- [옵션]
  --stack NAME        출력 "mesh"를 읽을 스택 (기본값: 선택된 스택)
  --mesh FILE         그 출력을 JSON 파일에서 읽음
  --disruption        클러스터마다 차례로 Deployment(게이트웨이, failover에서는 reviews)를 잠깐 0개로 줄이고 나머지가
                      계속 응답하는지도 확인
  --json              줄 대신 JSON 문서 하나로 출력
  --lang ko|en        모든 문구의 언어

도중에 중단하면 줄인 Deployment를 되돌리고 끝납니다. 강제 종료된 경우에는 다음 proof나 pulumi up이 되돌립니다.

종료 코드: 0 모든 검사 통과, 1 실패한 검사가 있음, 2 실행할 수 없음.
`,
    },
    providers: {
      summary: "CSP별로 알려진 사항과 그 출처 문서",
      usage: `CSP별 클러스터와 로드 밸런서에 대해 알려진 사항과 출처 문서를 보여 줍니다.

npm run mesh -- providers [옵션]
${output}
  --lang ko|en        모든 문구의 언어
`,
    },
    rights: {
      summary: "각 kubeconfig의 계정에 필요한 권한",
      usage: `프로그램이 클러스터에서 쓰는 계정에 필요한 권한을, 사전 점검부터 pulumi destroy까지 통틀어 목록이나 ClusterRole로
보여 줍니다. --kubeconfig가 없으면 클러스터에는 접속하지 않으며, 스택 설정과 그 설정이 가리키는 kubeconfig만 읽습니다.

npm run --silent mesh -- rights [옵션]
  --stack NAME        설정을 읽을 스택 (기본값: 선택된 스택)
  --config-file FILE  Pulumi.NAME.yaml 대신 이 파일에서 설정을 읽음
  --cluster NAME      이 클러스터만 (기본값: 전체. yaml이면 어느 클러스터에서나 충분한 ClusterRole 하나)
  --kubeconfig FILE   목록 대신 ServiceAccount kube-system/csp-mesh의 kubeconfig를 작성. 스택의 kubeconfig로 접속해 클러스터마다
                      컨텍스트와 새 토큰을 넣으며, 소유자만 읽을 수 있음
  --hours N           그 토큰의 유효 시간 (기본값: 24. API 서버가 더 짧게 줄 수 있음)
  --output KIND       table, json 또는 yaml (기본값: table)
  --lang ko|en        모든 문구의 언어
`,
    },
    status: {
      summary: "메시가 지금 동작하는지 방향별로 표시",
      usage: `동작 중인 메시를 조회합니다. 각 istiod가 다른 클러스터를 어떻게 보는지, 게이트웨이, 프록시, 인증서, 토큰, 그리고 샘플의 응답을
확인합니다. 읽기만 하며, 샘플에 요청을 몇 개 보냅니다.

npm run mesh -- status [옵션]
  --wait[=SECONDS]    메시가 정상이 될 때까지 반복해서 조회 (기본값: 120초)
  --watch             Ctrl-C를 누를 때까지 반복해서 조회
  --timeout SECONDS   API 서버의 첫 응답을 기다리는 최대 시간 (기본값: 1.2초)
  --stack NAME        설정을 읽을 스택 (기본값: 선택된 스택)
  --config-file FILE  Pulumi.NAME.yaml 대신 이 파일에서 설정을 읽음
${output}
  --lang ko|en        모든 문구의 언어

종료 코드: 0 메시가 정상, 1 메시에 문제가 있음, 2 조회할 수 없음.
`,
    },
  },
  unknownCommand: (name, known, meant) =>
    `${name}: 없는 명령입니다. ${meant === undefined ? "" : `혹시 ${meant}? `}사용할 수 있는 명령: ${known}`,
  unknownOption: (option, known, meant) =>
    `${option}: 없는 옵션입니다. ${meant === undefined ? "" : `혹시 ${meant}? `}사용할 수 있는 옵션: ${known}`,
  takenByNpm: (options, command) =>
    `npm이 ${options} 옵션을 npm의 옵션으로 처리했습니다. 옵션은 -- 뒤에 적습니다: npm run mesh -- ${command} 또는 npx mesh ${command}`,
  troubleshooting: "메시지별 원인과 조치: docs/troubleshooting.ko.md",
  noArgument: (argument) => `${argument}이(가) 필요합니다. 도움말: --help`,
  unexpectedArgument: (argument) => `${argument}: 필요 없는 인자입니다. 옵션은 --로 시작합니다`,
  optionWithoutValue: (option) => `${option}에 값이 필요합니다`,
  optionTakesNoValue: (option) => `${option}에는 값을 줄 수 없습니다`,
  optionValue: (option, value, allowed) => `${option}: "${value}"은(는) 쓸 수 없습니다. 가능한 값: ${allowed}`,
  excluded: (one, other) => `${one}과(와) ${other}은(는) 함께 쓸 수 없습니다. 하나만 지정해야 합니다`,
  interrupted: (signal) => `${signal} 신호로 중단되었습니다`,
  noStackFile: (file) =>
    `${file} 파일을 읽을 수 없습니다. 스택 파일이 있는 스택을 --stack으로, 또는 파일 경로를 --config-file로 지정해야 합니다`,
  notAStackFile: (file) =>
    `${file}은(는) 스택 파일이 아닙니다. 읽을 수 있는 "config"가 없습니다. Pulumi.example.yaml처럼 "config:" 아래에 설정을 적어야 합니다`,
  noPulumi: (why) =>
    `PATH에 pulumi가 없습니다. 용도: ${why}. 설치: curl -fsSL https://get.pulumi.com | sh (https://www.pulumi.com/docs/install/). 설치한 뒤 PATH에 추가: export PATH="$HOME/.pulumi/bin:$PATH"`,
  pulumiFor: {
    selectedStack: "선택된 스택 조회 (--stack으로 이름을 지정하면 필요 없음)",
    secrets: "설정의 암호화된 값 복호화",
    stackOutput: (stack, output) => `스택 "${stack}"의 출력 "${output}" 조회`,
    owner: "스택의 전체 이름과 상태의 내용 조회",
    write: "스택 설정 변경",
    proof: '스택의 출력 "mesh" 조회 (proof --mesh FILE로 지정하면 필요 없음)',
    gateways: "게이트웨이 주소 조회",
  },
  firewall: {
    columns: ["동작", "위치", "TCP 포트", "출발지", "이유"],
    actions: { allow: "허용", close: "차단" },
    places: {
      gateway: "게이트웨이",
      ingress: "인그레스 게이트웨이",
      nodes: "노드",
      apiServer: "API 서버",
    },
    targets: {
      gateway: (peer) => `${peer} 게이트웨이`,
      apiServer: (peer) => `${peer} API 서버`,
      registry: () => "이미지 레지스트리",
    },
    purposes: {
      gateway: (peer) => `사이드카에서 ${peer} 클러스터로 가는 상호 TLS`,
      apiServer: (peer) => `istiod가 ${peer} API 서버를 감시`,
      registry: () => "노드가 Istio와 샘플 이미지를 내려받음. 레지스트리가 다른 호스트로 리다이렉트할 수 있음",
    },
    nobody: "없음",
    request: ["클러스터", "방향", "동작", "프로토콜", "출발지", "목적지", "포트", "사유"],
    directions: { in: "수신", out: "송신" },
    nodesOf: (cluster) => `${cluster} 노드`,
    fillIn: {
      egressCidrs: (cluster, field) => `<${cluster}의 노드 또는 NAT 주소: ${field}에 설정>`,
      loadBalancer: "<로드 밸런서의 서브넷>",
      controlPlane: "<컨트롤 플레인의 주소>",
    },
    reasons: {
      sidecars: ({ peer, refused }) =>
        `${peer} 사이드카의 상호 TLS. 출발지는 ${peer}의 게이트웨이가 아니라 노드 또는 NAT 주소${
          refused.length === 0 ? "" : `. gateway.sourceRanges가 ${refused.join(", ")}을(를) 차단하므로 추가 필요`
        }`,
      istiod: ({ peer, list }) =>
        `${peer}의 istiod가 이 API 서버를 감시함${list === undefined ? "" : `. CSP의 "${list}"에도 등록 필요`}`,
      healthChecks: () => "로드 밸런서의 상태 확인",
      nodePorts: () => "로드 밸런서에서 게이트웨이 파드로 가는 경로 (Kubernetes 기본 NodePort 범위)",
      webhook: () => "사이드카 주입. API 서버가 istiod 파드의 웹훅을 호출",
      kubelet: () => "logs, exec, port-forward. API 서버가 kubelet을 호출",
      callers: ({ field }) => `메시 바깥의 호출자. ${field}의 값`,
      everyone: ({ field }) => `메시 바깥의 호출자. ${field} 값이 없으므로 모두 허용`,
      noCallers: ({ field }) =>
        `메시 바깥의 호출자를 허용하지 않음. 허용하려면 ${field}에 주소를 적거나 ingress.enabled 설정`,
      otherGateway: () => "메시 바깥의 호출자는 인그레스 게이트웨이로 들어옴",
      noListener: () => "Istio의 TCP 예시 포트. 사용하는 것이 없음",
      ownIstiod: () => "자기 클러스터에 istiod가 없는 프록시용. 여기서는 클러스터마다 istiod가 있음",
      ownWebhook: () => "사이드카 주입 웹훅. 자기 클러스터의 API 서버가 내부에서만 호출",
    },
  },
  providers: {
    columns: ["항목", "값", "출처"],
    facts: {
      loadBalancer: "로드 밸런서 주소",
      layer4: "L4로 만드는 어노테이션",
      scope: "공인/사설을 정하는 어노테이션",
      storageClass: "기본 StorageClass",
      provisioner: "블록 스토리지 드라이버",
      cni: "컨테이너 네트워크(CNI)",
      addons: "애드온",
      apiServerAccess: "API 서버 접근 제어 목록",
      execPlugin: "kubeconfig에 필요한 명령",
    },
    none: "없음",
    unknown: "알려지지 않음",
  },
  adopt: adoptKo,
  forget: forgetKo,
  takeover: takeoverKo,
  operations: operationsKo,
  todo: {
    loadBalancer: (addresses) =>
      `CSP 콘솔에서 ${addresses}의 TCP 로드 밸런서가 다음 포트를 모든 노드의 해당 NodePort로 전달하도록 설정합니다.`,
    port: (port, nodePort) =>
      `포트 ${port} -> NodePort ${nodePort ?? "(서비스가 만들어지면 정해짐)"}${PORT_NOTES_KO[port] ?? ""}`,
    firewall: "방화벽에서 15443은 다른 클러스터의 노드에, NodePort는 로드 밸런서에 엽니다: npm run mesh -- firewall",
    notFixed: (field) =>
      `pulumi destroy 후 다시 올리면 NodePort가 바뀝니다. 고정하려면 csp-mesh:${field}에 위 값을 적습니다.`,
    prove: "설정이 끝난 뒤 확인: npm run proof",
  },
  preflight: preflightKo,
  rights: {
    columns: ["API 그룹", "리소스", "네임스페이스", "이름", "허용 동작"],
    core: "(코어)",
    everywhere: "전체",
    forRotation: "npm run mesh -- rotate-root에만 더 필요한 권한(사이드카가 있는 모든 네임스페이스):",
    comment: (clusters) => `csp-mesh에 필요한 권한. 클러스터: ${clusters}`,
    tokenEnds: (when) => `토큰 만료 ${when}`,
    written: (file, cluster, when) => `${file}: 컨텍스트 ${cluster}, 토큰 만료 ${when}`,
    notOurs: (file) => `${file} 파일이 이미 있고 이 명령이 만든 파일이 아닙니다. 새 파일의 경로를 지정해야 합니다`,
    noAccount: (cluster, context) =>
      `${cluster}: kube-system에 ServiceAccount csp-mesh가 없습니다. docs/rights.md에 따라 만들어야 합니다: kubectl --context ${context} -n kube-system create serviceaccount csp-mesh`,
    noToken: (cluster, error) => `${cluster}: 토큰을 발급받지 못했습니다: ${error}`,
    badHours: (value) => `--hours: "${value}" 값은 1 이상의 시간이 아닙니다`,
    needs: (option, other) => `${option} 옵션은 ${other} 옵션과 함께만 사용합니다`,
  },
  probe: probeKo,
  status: statusKo,
};
