import type { Messages, TakeoverMessages } from "./messages.ts";

export const takeoverKo: TakeoverMessages = {
  refused: "메시를 인수할 수 없습니다. 바뀐 것은 없습니다. 아래를 모두 고친 뒤 다시 실행해야 합니다:",
  problems: {
    unreachable: (cluster, error) => `${cluster}: 읽을 수 없습니다: ${error}`,
    claimed: (cluster, owner) => `${cluster}: 스택 ${owner}의 메시에 속합니다. context를 바로잡아야 합니다`,
    foreign: (cluster, parts) =>
      `${cluster}: istioctl로 설치하지 않은 Istio이므로 지우지 않습니다: ${parts}. 설치한 도구로 제거해야 합니다(helm uninstall 또는 CSP 콘솔)`,
    otherGateway: (cluster, services) =>
      `${cluster}: istiod가 클러스터 사이의 요청을 이 서비스로도 보내게 됩니다: ${services}. 레이블 topology.istio.io/network를 지워야 합니다`,
    noNetwork: (cluster) =>
      `${cluster}: 네임스페이스 istio-system에 레이블 topology.istio.io/network가 없어 이전 네트워크를 알 수 없습니다. IstioOperator 파일에 있는 값으로 레이블을 지정해야 합니다`,
    noRoot: (cluster) =>
      `${cluster}: 시크릿 istio-system/cacerts에도 ConfigMap istio-ca-root-cert에도 루트 인증서가 없습니다. 시크릿을 복구해야 합니다`,
    newer: (cluster, live, configured) =>
      `${cluster}: Istio는 ${live}인데 csp-mesh:istio.version은 ${configured}입니다. 사이드카가 istiod보다 새로우면 안 되므로 csp-mesh:istio.version을 ${live} 이상으로 지정해야 합니다`,
    sameName: (cluster, other, name) =>
      `${cluster}: 사이드카가 쓰는 클러스터 이름 "${name}"이(가) ${other}의 이름과 같습니다. 먼저 다른 이름으로 워크로드를 재시작해야 합니다`,
    badName: (cluster, name) =>
      `${cluster}: 이전 이름 "${name}"에 istiod의 별칭에 쓸 수 없는 공백, 쉼표 또는 "="이 있습니다. 먼저 이전 메시에서 클러스터 이름(global.multiCluster.clusterName)을 바꾸고 워크로드를 재시작해야 합니다`,
    roots: (list) =>
      `클러스터들의 루트 인증서가 서로 달라(${list}) 하나의 메시가 아닙니다. 한 메시의 클러스터만 설정에 적어야 합니다`,
    meshes: (list) => `클러스터들의 메시 ID가 서로 다릅니다(${list}). 한 메시의 클러스터만 설정에 적어야 합니다`,
    trustDomains: (list) =>
      `클러스터들의 trust domain이 서로 다릅니다(${list}). 한 메시의 클러스터만 설정에 적어야 합니다`,
    noCa: (field) =>
      `${field}에 사이드카가 신뢰하는 루트가 없습니다. --certs FOLDER로 root-cert.pem과 root-ca.key가 있는 스크립트의 certs 폴더를 지정해야 합니다. 루트의 키를 잃어버렸다면 대신 --intermediates를 붙입니다. 그러면 나중에 추가하는 클러스터에는 이 루트가 서명한 중간 인증서가 필요합니다`,
    otherRoot: "--certs의 root-cert.pem은 사이드카가 신뢰하는 루트가 아닙니다. 이 메시의 폴더를 지정해야 합니다",
    noAuthority: (cluster) =>
      `${cluster}: 시크릿 istio-system/cacerts에 인증서, 키, 루트가 모두 있지 않습니다. 복구하거나 --certs를 써야 합니다`,
    unusable: (problems) => `이전 메시의 값을 넣으면 설정을 쓸 수 없습니다:\n${problems}`,
    badFile: (file, error) =>
      `${file}을(를) 읽을 수 없습니다(${error}). 기존 스크립트의 certs 폴더를 --certs로 지정해야 합니다. 루트의 키를 잃어버렸다면 대신 --intermediates를 붙입니다`,
  },
  notReady: (list) =>
    `새 메시를 설치할 수 없으므로 아무것도 바꾸지 않았습니다:\n${list}\n먼저 고쳐야 합니다. 자세한 내용은 npm run mesh -- preflight에 나옵니다. 그래도 시작하려면 --force를 붙입니다`,
  plan: (clusters) => `npm run mesh -- takeover: 클러스터 ${clusters}개`,
  cluster: (cluster, server, names) => `${cluster}: ${server}, 지금까지의 이름 ${names || cluster}`,
  stages: {
    withdraw: (cluster) => `${cluster}: 다른 클러스터와 연결하는 객체 삭제`,
    remove: (cluster) => `${cluster}: 이전 컨트롤 플레인과 게이트웨이 삭제`,
  },
  deletes: (object) => `${object} 삭제`,
  up: "pulumi up 실행, 단계 확인과 검증",
  workloads: "사이드카가 오래되었거나 없는 워크로드를 클러스터 하나씩 재시작",
  last: "이전 이름을 쓰는 사이드카가 없으면 설정에서 그 이름을 지우고 pulumi up 실행",
  stays: (cluster) =>
    `  ${cluster}: 이전 메시의 것이 아니어서 남는 커스텀 리소스입니다. 새 istiod가 이에 따라 동작합니다:`,
  ask: (clusters) =>
    `첫 삭제부터 pulumi up이 끝날 때까지 ${clusters} 사이의 통신이 끊깁니다. 컨트롤 플레인을 지운 뒤에는 새 파드가 사이드카 없이 시작하고 게이트웨이의 주소가 바뀝니다. 이후 메시는 STRICT입니다. 계속할까요? (y/N)`,
  declined: "취소했습니다. 바뀐 것은 없습니다.",
  nothing: "이 클러스터들에는 기존 스크립트의 메시가 없거나 이미 인수했습니다.",
  settings: "이전 메시의 루트, 네트워크, 이름을 설정에 기록",
  gone: (object) => `${object} 삭제됨`,
  apart: (seconds) =>
    `단계 확인: 다른 클러스터의 게이트웨이로 요청을 보내는 사이드카가 없는지 최대 ${seconds}초 동안 확인`,
  connected: (cluster, pods) =>
    `${cluster}: 아직 다른 클러스터의 게이트웨이 주소(15443 포트)를 가진 사이드카: ${pods}. 그 주소가 있는 ServiceEntry를 지워야 합니다`,
  silent: (cluster, pods) =>
    `${cluster}: 확인할 수 없는 사이드카(istio-proxy에서 exec): ${pods}. 파드를 고치거나 지워야 합니다`,
  left: (cluster, parts) => `${cluster}: 아직 남아 있거나 다른 사용자나 도구가 다시 만든 객체: ${parts}`,
  stopped: (obstacles, command) =>
    `인수를 멈췄습니다:\n${obstacles}\n바로잡은 뒤 다시 실행해야 합니다. 클러스터에 남은 것부터 이어서 진행합니다: ${command}`,
  failed: (error, command) =>
    `${error}\n인수를 멈췄습니다. 원인을 바로잡은 뒤 다시 실행해야 합니다. 클러스터에 남은 것부터 이어서 진행합니다: ${command}`,
  interrupted: (signal, command) =>
    `${signal}(으)로 멈췄습니다. 곧 다시 실행해야 합니다. 클러스터에 남은 것부터 이어서 진행합니다: ${command}`,
  restart: (cluster) => `${cluster}: 워크로드 재시작`,
  notRestarted: (seconds) => `재시작한 워크로드 가운데 일부가 ${seconds}초 안에 준비되지 않았습니다.`,
  pods: (cluster, renamed, withoutSidecar) =>
    `  - ${cluster}: 오래된 사이드카: ${renamed}, 사이드카 없음: ${withoutSidecar}`,
  next: (list, command) => `
새 메시가 동작하며 검증을 통과했습니다. 직접 할 일:
  1. 아래 파드의 워크로드를 알맞은 때에 하나씩 재시작합니다(kubectl rollout restart):
${list}
  2. 그 뒤 다시 실행하면 설정에서 이전 이름을 지웁니다: ${command}
     --restart-workloads를 붙이면 둘 다 실행합니다.
`,
  done: `메시를 인수했습니다. 직접 할 일:
  - DNS와 방화벽에 게이트웨이의 새 주소를 반영합니다: npm run mesh -- firewall.
  - 기존 스크립트의 certs 폴더에는 암호화하지 않은 개인 키가 있습니다. 되돌리지 않을 것이라면 root-ca.key를 암호화한 사본을 다른 곳에
    보관하고 폴더의 키 파일을 지웁니다: shred -u.`,
};

export const takeoverCommandKo: Messages["commands"]["takeover"] = {
  summary: "기존 스크립트로 만든 메시 인수",
  usage: `기존 스크립트(istioctl install)로 만든 메시를, 워크로드를 실행한 채 이 프로그램의 메시로 교체합니다. 순서는 다음과 같습니다.
이전 메시의 루트, 네트워크, 이름을 설정에 기록합니다. 클러스터마다 다른 클러스터와 연결하는 객체를 지웁니다. 다른 클러스터로
요청을 보내는 사이드카가 없는지 확인합니다. 컨트롤 플레인과 게이트웨이를 클러스터 하나씩 지웁니다. pulumi up을 실행하고 단계 확인과
검증을 거칩니다. 이전 이름을 쓰는 사이드카가 없으면 설정에서 그 이름을 지웁니다. 소유자나 내용으로 이전 메시의 것임을 확인한
객체만 지우며, 모두 미리 보여 줍니다. 사용자의 커스텀 리소스, CRD, 네임스페이스는 남습니다.

npm run mesh -- takeover [옵션]
  --certs FOLDER      root-cert.pem과 root-ca.key가 있는 기존 스크립트의 certs 폴더
  --intermediates     루트의 키를 잃어버렸을 때 대신 클러스터의 중간 인증서 사용
  --restart-workloads 사이드카가 오래되었거나 없는 워크로드 재시작. 이 옵션이 없으면 마지막에 목록만 표시
  --dry-run           할 일만 표시하고 아무것도 쓰지 않음
  --yes               묻지 않음
  --force             이전 메시 외에 사전 점검 오류가 있어도 시작
  --wait SECONDS      단계 확인에서 기다리는 최대 시간
  --stack NAME        메시를 인수할 스택 (기본값: 선택된 스택)
  --config-file FILE  Pulumi.NAME.yaml 대신 쓸 설정 파일
  --output KIND       table 또는 json (기본값: table). json이면 진행 상황은 표준 오류로 출력
  --lang ko|en        모든 텍스트의 언어

멈추거나 강제 종료되어도 같은 명령을 다시 실행하면 이어서 진행합니다. 다른 머신에서도 마찬가지입니다. 남은 일은 클러스터와
설정에서 판단합니다. --restart-workloads가 없으면 워크로드를 재시작한 뒤 한 번 더 실행합니다.

종료 코드: 0 완료 또는 워크로드만 남음, 1 거부나 취소 또는 단계 확인을 통과하지 못함, 2 실행할 수 없거나 pulumi up 실패.
`,
};
