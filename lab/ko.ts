// Korean texts of the lab by English template: `{}` stands for a value, and `{2}` for the second value.

export const labKo: Readonly<Record<string, string>> = {
  "({} s)": "({1}초)",
  failed: "실패",
  "pulumi up": "pulumi up 실행",
  proof: "검증",
  toolchain: "도구 준비",
  images: "이미지 준비",
  "network between the providers": "CSP 간 네트워크 구성",
  "{} clusters": "클러스터 {1}개",
  "clouds (load balancers, DNS)": "클라우드 (로드 밸런서, DNS)",
  "remains of a crashed lab removed": "비정상 종료된 랩의 잔여물 제거",
  "lab removed": "랩 제거",
  "{} clusters are running": "클러스터 {1}개가 이미 실행 중입니다",
  "The mesh works.": "메시가 동작합니다.",
  "The proof failed.": "검증이 실패했습니다.",
  "images cannot be loaded: {}. The output of containerd:": "이미지를 가져올 수 없습니다: {1}. containerd의 출력:",
  "{} is not a whole number from 2 to {}": "{1} 값은 2부터 {2}까지의 정수가 아닙니다",
  "{} is not a whole number from 1 to {}": "{1} 값은 1부터 {2}까지의 정수가 아닙니다",
  "{} is not a whole number from 0 to {}": "{1} 값은 0부터 {2}까지의 정수가 아닙니다",
  "{} is not available in the lab; available: {}": "{1} 값은 랩에 없습니다. 가능한 값: {2}",
  "{} is not one of the lab's versions: {}": "{1} 값은 랩의 버전이 아닙니다. 가능한 값: {2}",
  "no such command": "없는 명령입니다",

  "Usage: npm run lab [-- --clusters N] [-- --clusters-only]":
    "사용법: npm run lab [-- --clusters N] [-- --clusters-only]",
  "--clusters N      number of clusters, 2 to {} (default: as many as are running, or 2)":
    "--clusters N      클러스터 수, 2~{1} (기본값: 실행 중인 수 또는 2)",
  "--kubernetes V,V  Kubernetes versions of the clusters in order, repeated: {}":
    "--kubernetes V,V  클러스터 순서대로 반복해서 쓸 버전. 가능한 값: {1}",
  "default: as they are running, or {}": "(기본값: 실행 중인 버전 또는 {1})",
  "--istio V         images and charts of another Istio besides {}: {}; its charts are in .lab/charts-V":
    "--istio V         {1} 외에 준비할 Istio 이미지와 차트: {2}. 차트 위치: .lab/charts-V",
  "--clusters-only   only the clusters: no pulumi up, no proof":
    "--clusters-only   메시 없이 클러스터만 실행 (pulumi up과 검증 생략)",
  "--slot N          another lab beside the first, 1 to {}; its state is in .lab-N":
    "--slot N          첫 랩과 별도의 랩, 1~{1}. 상태 위치: .lab-N",
  "--lang ko|en      language of all output (default: the locale's)":
    "--lang ko|en      출력 언어 (기본값: 로캘의 언어)",

  'A lab of {} is standing, {} were requested: run "npm run lab:down" first.':
    '실행 중인 랩({1})과 요청한 구성({2})이 다릅니다. 먼저 "npm run lab:down"을 실행해야 합니다.',
  "the domain {}": "도메인 {1}",
  "{} clusters of Kubernetes {}": "클러스터 {1}개(Kubernetes {2})",
  'A lab of another checkout is running ({}) and uses the address range {}: run "npm run lab:down" first, there or here.':
    '다른 체크아웃의 랩이 실행 중이며({1}) 주소 대역 {2} 전체를 사용합니다. 먼저 그곳이나 여기에서 "npm run lab:down"을 실행해야 합니다.',

  "the lab cannot run here:": "여기에서는 랩을 실행할 수 없습니다:",
  "this is {}, and the lab is made of Linux namespaces and cgroups: run it on Linux, for example in a virtual machine.":
    "운영 체제가 {1}입니다. 랩은 Linux의 네임스페이스와 cgroup으로 구성되므로 Linux(예: 가상 머신)에서 실행해야 합니다.",
  "the processor is {}, and Envoy is published for x64 and arm64 only: use a machine with one of those.":
    "프로세서가 {1}입니다. Envoy는 x64와 arm64용만 배포되므로 그런 머신을 사용합니다.",
  "the user id is {}, but only root may create network namespaces and mounts: run it as root, with sudo.":
    "사용자 ID가 {1}입니다. 네트워크 네임스페이스와 마운트는 root만 만들 수 있으므로 sudo를 써서 root로 실행해야 합니다.",
  "root lacks {} here: run it outside of the container, or in a privileged one.":
    "root에 {1} 권한이 없습니다. 컨테이너 밖이나 privileged 컨테이너에서 실행해야 합니다.",
  "the kernel offers no cgroup controller {}, which kubelet needs: enable it on the kernel's command line, for memory by cgroup_enable=memory, and mount it.":
    "커널에 kubelet이 필요로 하는 cgroup 컨트롤러 {1} 항목이 없습니다. 커널 명령줄에서 켜고(memory는 cgroup_enable=memory) 마운트합니다.",
  "/sys/fs/cgroup is read-only: run it outside of the container, or mount it writable.":
    "/sys/fs/cgroup이 읽기 전용입니다. 컨테이너 밖에서 실행하거나 쓸 수 있게 마운트합니다.",
  "the lab's network {} overlaps the {} {} of {}: remove that {}, or use a machine without it.":
    "랩의 네트워크 {1} 대역이 {4}의 {2} {3} 대역과 겹칩니다. 그 {5} 항목을 제거하거나 없는 머신을 사용합니다.",
  address: "주소",
  route: "경로",
  "no link": "링크 없음",
  "{} of memory is available, and {} {} {}: end other programs, or start fewer clusters.":
    "사용할 수 있는 메모리가 {1}인데 {2}에 {4} {3}. 다른 프로그램을 끝내거나 클러스터 수를 줄여야 합니다.",
  need: "필요합니다",
  needs: "필요합니다",
  "{} to build {}": "{2} 빌드에 {1}",
  "{} ({}) and {}": "{1} ({2}) 및 {3}",
  "{} of disk is free at {}, and {} is needed for {}: free some, or move that folder.":
    "{2}의 남은 디스크가 {1}인데 {3} 필요합니다(용도: {4}). 공간을 확보하거나 그 폴더를 옮겨야 합니다.",
  "1 cluster": "클러스터 1개",

  "not running": "중지됨",
  running: "실행 중",
  "restarted:": "재시작:",
  "By hand:  . {}/env; npm run mesh -- status --config-file {}/Pulumi.lab.yaml   logs: {}/clusters/*/logs":
    "직접 조회:  . {1}/env; npm run mesh -- status --config-file {2}/Pulumi.lab.yaml   로그: {3}/clusters/*/logs",

  "no pids controller is mounted, so the lab cannot find its processes":
    "pids 컨트롤러가 마운트되지 않아 랩의 프로세스를 구분할 수 없습니다",
  "all processes ended in {}": "{1}의 프로세스 종료",
  "processes {}": "남은 프로세스 {1}",
  "{} removed": "{1} 제거",
  "node and its own pods ready": "노드와 시스템 파드 준비",
  "no node": "노드 없음",
  "{} not ready": "{1} 준비 안 됨",
  "pods not created yet": "파드 생성 전",
  "API server ready": "API 서버 준비",
  "containerd ready": "containerd 준비",
  "/readyz answered {}": "/readyz 응답 {1}",
  "no answer in 2 s": "2초 동안 응답 없음",
  starting: "시작하는 중",
  "{} ready": "{1} 준비",
  "ended ({})": "종료됨 ({1})",
  "{}; logs are in {}:": "{1}. 로그 위치: {2}:",
  "all {} load balancer addresses are in use": "로드 밸런서 주소 {1}개가 모두 사용 중입니다",
  "not within {} s; last state: {}": "{1}초 안에 되지 않았습니다. 마지막 상태: {2}",

  "Kubernetes {}: not among this lab's tools": "Kubernetes {1}: 랩의 도구에 없는 버전입니다",
  "the lab has no stand-in for this plugin": "랩에 이 플러그인의 대체 구현이 없습니다",
  "still missing after its package was installed; check the package's files":
    "패키지를 설치했으나 없습니다. 패키지의 파일을 확인해야 합니다",
  "stand-ins of the lab; remove {}/*{} to download the official plugins again":
    "랩의 대체 구현을 사용합니다. 공식 배포본을 다시 찾으려면 {1}/*{2} 파일을 지워야 합니다",
  "{} {}: not found in any source": "{1} {2}: 구할 수 있는 곳이 없습니다",
  "{} (Debian package {})": "{1} (Debian 패키지 {2})",
  "missing: {}. There is no apt-get here: install them with this machine's package manager, then run the lab again":
    "필요한 항목이 없습니다: {1}. apt-get이 없으므로 배포판의 패키지 관리자로 설치한 뒤 다시 실행해야 합니다",
  "apt-get install {}": "apt-get install {1} 실행",
  "no official releases: no answer from {}": "공식 배포본 없음: {1} 응답 없음",
  "download {}": "{1} 내려받기",
  "not available ({})": "구할 수 없습니다 ({1})",
  "has no checksum of {}; nothing was installed": "{1}의 체크섬이 없습니다. 아무것도 설치하지 않았습니다",
  "its {} is {}, but {} has {}; nothing was installed. Run it again; if the difference persists, a mirror or proxy serves another file":
    "{1} 값이 {2}인데 {3}에는 {4}(으)로 적혀 있습니다. 아무것도 설치하지 않았습니다. 다시 실행해도 다르면 중간의 미러나 프록시가 다른 파일을 제공하는 것입니다",
  "no go command is on PATH": "PATH에 go 명령이 없음",
  "{} is {}": "{1}의 버전은 {2}",
  "of an unknown version": "알 수 없는 버전",
  "Go {}.{} or newer is needed to build the lab's tools: {}, and its release cannot be downloaded from https://{}. Install it from https://go.dev/dl, then run the lab again":
    "랩의 도구를 빌드하려면 Go {1}.{2} 이상이 필요합니다: {3}. https://{4}에서 내려받을 수도 없습니다. https://go.dev/dl에서 설치한 뒤 다시 실행해야 합니다",
  "go build {}": "go build {1} 실행",
  "go mod download {}": "go mod download {1} 실행",
  "pip install {}": "pip install {1} 실행",
  "no line matches /{}/; the recipe does not support this version":
    "/{1}/에 맞는 것이 없습니다. 이 버전에 맞지 않는 빌드 방법입니다",
  "still running after {} min": "{1}분째 진행 중",
  "{} failed; the whole log is {}": "{1}: 실패했습니다. 전체 로그: {2}",
};
