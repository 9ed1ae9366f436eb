/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tracer.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  long number;
  const char *name;
  int fd_arg; /* -1: none */
} Known;

#define KNOWN(name, fd_arg) { SYS_##name, #name, fd_arg }

static const Known known[] = {
  KNOWN (openat, 0),          KNOWN (close, 0),           KNOWN (read, 0),
  KNOWN (pread64, 0),         KNOWN (write, 0),           KNOWN (pwrite64, 0),
  KNOWN (copy_file_range, 2), KNOWN (ioctl, 0),           KNOWN (fallocate, 0),
  KNOWN (fsync, 0),           KNOWN (fdatasync, 0),       KNOWN (syncfs, 0),
  KNOWN (ftruncate, 0),       KNOWN (sync_file_range, 0), KNOWN (fstat, 0),
  KNOWN (newfstatat, 0),      KNOWN (statx, 0),           KNOWN (fstatfs, 0),
  KNOWN (flock, 0),           KNOWN (fcntl, 0),           KNOWN (fchmod, 0),
  KNOWN (fchown, 0),          KNOWN (fsetxattr, 0),       KNOWN (fgetxattr, 0),
  KNOWN (flistxattr, 0),      KNOWN (fremovexattr, 0),    KNOWN (renameat2, 0),
  KNOWN (linkat, 0),          KNOWN (unlinkat, 0),        KNOWN (faccessat, 0),
  KNOWN (faccessat2, 0),      KNOWN (lseek, 0),           KNOWN (getdents64, 0),
#ifdef SYS_renameat
  KNOWN (renameat, 0),
#endif
#ifdef SYS_rename
  KNOWN (rename, -1),
#endif
#ifdef SYS_unlink
  KNOWN (unlink, -1),
#endif
};

typedef struct
{
  TracerFunc func;
  gpointer user_data;
  GHashTable *answers; /* of calls that are being done, by thread */
} Tracer;

/* What a system call gives, and that it is not to be done, is said in registers. */
#if defined(__x86_64__)
static void
skip_call (pid_t thread)
{
  ptrace (PTRACE_POKEUSER, thread, offsetof (struct user, regs.orig_rax), -1L);
}

static void
set_result (pid_t thread, long result)
{
  ptrace (PTRACE_POKEUSER, thread, offsetof (struct user, regs.rax), result);
}

static void
set_argument (pid_t thread, guint arg, guint64 value)
{
  const gsize offsets[] = {
    offsetof (struct user, regs.rdi), offsetof (struct user, regs.rsi), offsetof (struct user, regs.rdx),
    offsetof (struct user, regs.r10), offsetof (struct user, regs.r8),  offsetof (struct user, regs.r9),
  };

  ptrace (PTRACE_POKEUSER, thread, offsets[arg], value);
}
#elif defined(__aarch64__)
static void
skip_call (pid_t thread)
{
  int none = -1;
  struct iovec vector = { &none, sizeof none };

  ptrace (PTRACE_SETREGSET, thread, NT_ARM_SYSTEM_CALL, &vector);
}

static void
set_argument (pid_t thread, guint arg, guint64 value)
{
  struct user_regs_struct registers;
  struct iovec vector = { &registers, sizeof registers };

  ptrace (PTRACE_GETREGSET, thread, NT_PRSTATUS, &vector);
  registers.regs[arg] = value;
  ptrace (PTRACE_SETREGSET, thread, NT_PRSTATUS, &vector);
}

static void
set_result (pid_t thread, long result)
{
  set_argument (thread, 0, (guint64) result);
}
#else
#error "how this processor's system calls are changed is not known"
#endif

static char *
read_fd_path (pid_t thread, guint64 fd)
{
  g_autofree char *link = g_strdup_printf ("/proc/%d/fd/%d", thread, (int) fd);

  return g_file_read_link (link, NULL);
}

static const Known *
find_known (guint64 number)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].number == (long) number)
      return &known[i];
  return NULL;
}

static TracerAnswer
ask (Tracer *self, pid_t thread, const struct __ptrace_syscall_info *info)
{
  const Known *what = find_known (info->entry.nr);
  g_autofree char *number = g_strdup_printf ("%d", (int) info->entry.nr);
  g_autofree char *path = NULL;
  TracerCall call = { .thread = thread, .name = what != NULL ? what->name : number };

  for (gsize i = 0; i < 6; i++)
    call.args[i] = info->entry.args[i];
  if (what != NULL && what->fd_arg >= 0)
    path = read_fd_path (thread, call.args[what->fd_arg]);
  call.path = path;
  return self->func (&call, self->user_data);
}

static void
enter_call (Tracer *self, pid_t thread, const struct __ptrace_syscall_info *info)
{
  TracerAnswer answer = ask (self, thread, info);

  if (answer.act == TRACER_KILL)
    kill (thread, SIGKILL);
  if (answer.act == TRACER_SHORTEN)
    set_argument (thread, answer.length_arg, (info->entry.args[answer.length_arg] + 1) / 2);
  if (answer.act == TRACER_FAIL)
    skip_call (thread);
  if (answer.act == TRACER_FAIL || answer.act == TRACER_FAIL_AFTER)
    g_hash_table_insert (self->answers, GINT_TO_POINTER (thread), GINT_TO_POINTER (answer.number));
}

static void
leave_call (Tracer *self, pid_t thread)
{
  gpointer number = NULL;

  if (g_hash_table_steal_extended (self->answers, GINT_TO_POINTER (thread), NULL, &number))
    set_result (thread, -(long) GPOINTER_TO_INT (number));
}

/* Returns the signal that the thread is to get. */
static int
on_stop (Tracer *self, pid_t thread, int status)
{
  struct __ptrace_syscall_info info;
  int number = WSTOPSIG (status);

  if (number == (SIGTRAP | 0x80))
    {
      if (ptrace (PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0)
        return 0;
      if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
        enter_call (self, thread, &info);
      else
        leave_call (self, thread);
      return 0;
    }
  return number == SIGTRAP || number == SIGSTOP ? 0 : number;
}

static int
follow (Tracer *self, pid_t child)
{
  int status = 0;

  while (TRUE)
    {
      pid_t thread = waitpid (-1, &status, __WALL);

      if (thread < 0 && errno == EINTR)
        continue;
      if (thread < 0)
        return -1;
      if (WIFSTOPPED (status))
        ptrace (PTRACE_SYSCALL, thread, 0, on_stop (self, thread, status));
      else if (thread == child)
        return status;
    }
}

static G_GNUC_NORETURN void
become (const char *const *argv, int output)
{
  dup2 (output, STDOUT_FILENO);
  dup2 (output, STDERR_FILENO);
  ptrace (PTRACE_TRACEME, 0, 0, 0);
  raise (SIGSTOP);
  execvp (argv[0], (char *const *) argv);
  _exit (127);
}

/**
 * tracer_run:
 * @argv: (array zero-terminated=1): a program and its arguments
 * @func: asked before each system call
 * @user_data: for @func
 * @output: (out): what it printed
 *
 * Returns: how it ended, as of waitpid()
 */
int
tracer_run (const char *const *argv, TracerFunc func, gpointer user_data, char **output)
{
  g_autoptr (GHashTable) answers = g_hash_table_new (NULL, NULL);
  Tracer self = { func, user_data, answers };
  int memory = memfd_create ("output", MFD_CLOEXEC);
  pid_t child = fork ();
  int status = 0;
  gsize length;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    become (argv, memory);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSTOPPED (status));
  ptrace (PTRACE_SETOPTIONS, child, 0,
          PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC);
  ptrace (PTRACE_SYSCALL, child, 0, 0);
  status = follow (&self, child);

  length = MAX (0, lseek (memory, 0, SEEK_END));
  *output = g_malloc0 (length + 1);
  g_assert_cmpint (pread (memory, *output, length, 0), ==, length);
  close (memory);
  return status;
}

/**
 * tracer_is_possible:
 *
 * Returns: whether this system lets a program trace its own child
 */
gboolean
tracer_is_possible (void)
{
  pid_t child = fork ();
  int status = 0;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    _exit (ptrace (PTRACE_TRACEME, 0, 0, 0) == 0 ? 0 : 1);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}
