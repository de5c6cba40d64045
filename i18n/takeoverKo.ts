import type { AdoptMessages, ForgetMessages } from "./messages.ts";

export const adoptKo: AdoptMessages = {
  refused: "메시를 인수할 수 없습니다. 변경한 것은 없습니다. 아래 문제를 모두 해결한 뒤 다시 실행해야 합니다:",
  problems: {
    unreachable: (cluster, error) => `${cluster}: 읽을 수 없습니다: ${error}`,
    noClaim: (cluster) =>
      `${cluster}: 이 프로그램이 만든 메시가 없습니다(ClusterRole csp-mesh-claim 없음). context를 고치거나, 항목을 지우고 인수한 뒤 다시 추가해야 합니다`,
    unreadable: (cluster) =>
      `${cluster}: ClusterRole csp-mesh-claim의 어노테이션 csp-mesh.io/claim을 해석할 수 없습니다. 복구해야 합니다`,
    name: (cluster, live, field) =>
      `${cluster}: 메시에서 쓰는 이름이 다릅니다. ${field}을(를) "${live}"(으)로 바꾸거나 context를 고쳐야 합니다`,
    network: (cluster, live, field) =>
      `${cluster}: 메시에서 쓰는 네트워크가 다릅니다. ${field}을(를) "${live}"(으)로 바꿔야 합니다`,
    uid: (cluster, claimed, live) =>
      `${cluster}: 소유 표시가 다른 클러스터의 것입니다(kube-system의 UID: ${live}, 소유 표시의 UID: ${claimed}). 클러스터를 다시 만들었거나 소유 표시를 백업에서 복원한 경우입니다. kubectl delete clusterrole csp-mesh-claim으로 소유 표시를 지우고, 항목을 지우고 인수한 뒤 다시 추가해야 합니다`,
    member: (cluster, peer) =>
      `${cluster}: istiod가 설정에 없는 클러스터 "${peer}"도 감시하고 있습니다. 항목을 추가해야 합니다. 없어진 클러스터면 대신 시크릿 istio-system/istio-remote-secret-…을 지워야 합니다`,
    setting: (field, live, configured) =>
      `설정은 "${configured}"인데 메시의 값은 다릅니다. ${field}을(를) "${live}"(으)로 바꿔야 합니다`,
    meshes: (list) => `클러스터들이 서로 다른 메시에 속합니다(${list}). 한 메시의 클러스터만 설정에 적어야 합니다`,
    trustDomains: (list) =>
      `클러스터들의 trust domain이 서로 다릅니다(${list}). 한 메시의 클러스터만 설정에 적어야 합니다`,
    owners: (list) => `클러스터들이 서로 다른 스택의 것입니다(${list}). 한 스택의 클러스터만 설정에 적어야 합니다`,
    noCa: (cluster) => `${cluster}: 시크릿 istio-system/cacerts가 없습니다. 여기서 CA를 읽으므로 복구해야 합니다`,
    otherCa: (cluster, entry) =>
      `${cluster}: 시크릿 istio-system/cacerts의 ${entry}이(가) 없거나 이 프로그램이 쓴 형식이 아닙니다. 복구해야 합니다`,
    roots: (list) => `클러스터들의 루트 인증서가 서로 달라(${list}) 하나의 메시가 아닙니다`,
    unusable: (line) => `클러스터의 CA를 설정에 쓸 수 없습니다: ${line}`,
    lostKey: (field) =>
      `csp-mesh:${field}은(는) 어느 클러스터도 쓰지 않는 개인 키이며, 이 명령을 실행하면 설정에서 없어집니다. 값을 보관한 뒤(pulumi config get --path) csp-mesh:ca 전체를 지워야 합니다(pulumi config rm csp-mesh:ca)`,
  },
  sets: (field) => `설정: ${field} 기록`,
  removes: (field) => `설정: ${field} 삭제`,
  handsOver: (cluster, former, owner) => `${cluster}: 소유 표시 ${former} -> ${owner}`,
  ask: (former) =>
    `스택 ${former}이(가) 이 메시를 잃게 됩니다. 그 스택의 상태나 암호를 잃어버린 경우에만 진행해야 합니다. 이후 그 스택의 실행은 거부됩니다. 계속할까요? (y/N)`,
  askConfig: "이 스택의 설정을 바꿀까요? (y/N)",
  noTerminal: "확인을 받을 터미널이 없습니다. 이전 상태가 확실히 없으면 --yes 옵션을 사용할 수 있습니다",
  declined: "취소했습니다. 변경한 것은 없습니다.",
  notHandedOver: (cluster, error) =>
    `${cluster}: 소유 표시를 넘기지 못했습니다: ${error}. 같은 명령을 다시 실행해야 합니다`,
  notLost: (owner) => `${owner}의 상태에 이미 이 메시가 있습니다. 인수할 것이 없습니다.`,
  done: (owner) => `소유 표시는 이미 ${owner}의 것이고, 설정에도 CA가 있습니다.`,
  next: `
다음 순서:
  1. pulumi up을 실행합니다. 상태가 비어 있으므로 미리 보기에는 모든 리소스가 생성으로 나오지만, 있는 리소스를 그대로 인수하며
     아무것도 재시작하지 않습니다.
  2. npm run proof를 실행합니다.
이전 상태를 나중에 찾더라도 사용하지 않습니다. 소유 표시 때문에 그 실행은 거부됩니다. 그 백엔드에서 pulumi stack rm --force --preserve-config로 지웁니다.
인수되지 않는 항목:
  - 루트의 개인 키. 프로그램이 만들었다면 어느 클러스터에도 없습니다. 메시는 그대로 동작하지만, 새 클러스터에는 이 루트가 서명한
    중간 인증서가 필요합니다. 키를 보관하지 않았으면 클러스터를 추가하기 전에 루트를 교체해야 합니다.
  - 이전 스택의 토큰 시크릿 istio-system/istio-reader-service-account-istio-remote-secret-token-…: pulumi destroy까지 남습니다.
    pulumi up이 새 토큰을 나눠 준 뒤에는 그보다 오래된 시크릿을 지워도 됩니다.
`,
};

export const forgetKo: ForgetMessages = {
  unknown: (cluster, known) => `${cluster}: csp-mesh:clusters에 없는 클러스터입니다. 있는 클러스터: ${known}`,
  already: (cluster) => `${cluster}은(는) 이미 없어진 것으로 표시되어 있습니다.`,
  answers: (cluster, who) =>
    `${cluster}이(가) 아직 응답합니다(${who}). 변경한 것은 없습니다. 동작하는 클러스터를 메시에서 제거하려면 npm run mesh -- remove NAME을 실행합니다. 그 주소에서 다른 클러스터가 응답하면 --force를 붙입니다`,
  silent: (cluster, error) => `${cluster}이(가) 응답하지 않습니다: ${error}`,
  written: (field) => `${field}을(를) gone으로 바꿨습니다.`,
  next: (fields) => `
다음 순서:
  1. pulumi up을 실행합니다. 나머지 클러스터에서 이 클러스터의 원격 시크릿이 제거되고, 이 클러스터의 리소스가
     상태에서 제거됩니다. 메시 전체를 제거할 때도 먼저 실행합니다. pulumi destroy는 설정을 읽지 않으므로, 응답하지 않는 클러스터가 상태에 있으면 아무것도 지우지 않습니다.
  2. 메시 전체를 제거하려면 이제 pulumi destroy를 실행합니다.
  3. 메시를 유지하면서 항목만 제거하려면 npm run mesh -- remove를 실행합니다. 설정에서 ${fields}을(를) 지우고 다른 클러스터의 샘플은
     그대로 둡니다.
`,
};
