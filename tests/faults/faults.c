/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * faults NAME ORIGINAL over|beside COMMAND...: lets a command that saves a file be killed at each of its system calls, and lets each of them
 * fail: the file must be the old one or the new one, byte for byte.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "io/ckpt-output.h"
#include "scene.h"

static Scene *scene;

static gboolean
is_one_of (const char *name, const char *const *names)
{
  return g_strv_contains (names, name);
}

static const TracerCall *
get_call (guint index)
{
  const SceneCall *recorded = scene->calls->pdata[index];

  return &recorded->call;
}

static gboolean
is_rename (guint index)
{
  return is_one_of (get_call (index)->name, (const char *[]) { "rename", "renameat", "renameat2", NULL });
}

/* The one that puts the file in its place. */
static guint
find_rename (void)
{
  for (guint i = 0; i < scene->calls->len; i++)
    if (is_rename (i))
      return i;
  g_assert_not_reached ();
}

/* The close() whose error means that the file is not there: the last one before it gets its name. */
static guint
find_close (void)
{
  for (guint i = find_rename (); i > 0; i--)
    if (g_str_equal (get_call (i - 1)->name, "close") && scene_is_temporary (get_call (i - 1)))
      return i - 1;
  g_assert_not_reached ();
}

static void
assert_strays_go (void)
{
  g_auto (GStrv) there = scene_list_temporaries (scene);
  g_auto (GStrv) found = ckpt_output_find_strays (scene->path);
  g_auto (GStrv) left = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_strv_length (found), ==, g_strv_length (there));
  for (gsize i = 0; found[i] != NULL; i++)
    {
      g_assert_true (g_strv_contains ((const char *const *) there, found[i]));
      ckpt_output_remove_stray (found[i], &error);
      g_assert_no_error (error);
    }
  left = scene_list_temporaries (scene);
  g_assert_cmpuint (g_strv_length (left), ==, 0);
}

/* N31 */
static void
test_kill (void)
{
  guint n_killed = 0, n_new = 0, n_strays = 0;

  for (guint i = 0; i < scene->calls->len; i++)
    {
      int status = scene_play (scene, scene->calls->pdata[i], (TracerAnswer) { TRACER_KILL }, NULL);
      g_auto (GStrv) there = NULL;

      if (WIFEXITED (status))
        continue;
      g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
      n_killed++;
      n_new += scene_get_state (scene) == SCENE_NEW;
      there = scene_list_temporaries (scene);
      n_strays += g_strv_length (there);
      assert_strays_go ();
    }
  g_test_message ("%u kill points: the old file %u times, the new one %u times; %u strays found and removed",
                  n_killed, n_killed - n_new, n_new, n_strays);
  g_assert_cmpuint (n_killed, >=, scene->calls->len * 9 / 10);
  g_assert_cmpuint (n_new, >, 0);
  g_assert_cmpuint (n_strays, >, 0);
}

/* What cannot be left undone without the file being another one. */
static gboolean
must_succeed (guint index)
{
  const char *const writing[] = { "write", "pwrite64", "copy_file_range", "fallocate", "ftruncate",
                                  "fsync", NULL };
  const TracerCall *call = get_call (index);

  if (index == find_rename () || index == find_close ())
    return TRUE;
  return scene_is_temporary (call) && is_one_of (call->name, writing) && index < find_rename ();
}

/* What fails to be removed, or to be given the name of a backup, stays. */
static gboolean
is_tidying (guint index)
{
  return g_str_equal (get_call (index)->name, "unlinkat") || (is_rename (index) && index > find_rename ());
}

static const char *
get_code (int number)
{
  return number == ENOSPC ? "[no-space]" : number == EDQUOT ? "[no-quota]" : "[disk-error]";
}

static void
check_fault (guint index, int number)
{
  const TracerCall *call = get_call (index);
  TracerAct act = g_str_equal (call->name, "close") ? TRACER_FAIL_AFTER : TRACER_FAIL;
  g_autofree char *output = NULL;
  int status = scene_play (scene, scene->calls->pdata[index], (TracerAnswer) { act, number }, &output);
  SceneState state = scene_get_state (scene);
  g_auto (GStrv) there = scene_list_temporaries (scene);

  if (!WIFEXITED (status) || (WEXITSTATUS (status) == 0) != (state == SCENE_NEW))
    g_error ("call %u, %s, %s: ended with %x, and the %s file is there: %s", index, call->name,
             g_strerror (number), status, state == SCENE_NEW ? "new" : "old", output);
  if (must_succeed (index) && (state == SCENE_NEW || strstr (output, get_code (number)) == NULL))
    g_error ("call %u, %s, %s: not told: %s", index, call->name, g_strerror (number), output);
  if (WEXITSTATUS (status) != 0)
    g_assert_cmpuint (strlen (output), >, 20);
  if (!is_tidying (index))
    g_assert_cmpuint (g_strv_length (there), ==, 0);
}

static guint
check_faults (const char *const *names, const int *numbers, gsize n_numbers)
{
  guint n_faults = 0;

  for (guint i = 0; i < scene->calls->len; i++)
    for (gsize j = 0; scene_is_inside (scene, get_call (i)) && j < n_numbers; j++)
      if (names == NULL || is_one_of (get_call (i)->name, names))
        {
          check_fault (i, numbers[j]);
          n_faults++;
        }
  return n_faults;
}

/* N26, N27: the disk gets full at any call that could make it so. */
static void
test_full (void)
{
  const char *const names[] = { "openat",          "write",     "pwrite64",  "copy_file_range", "ioctl",
                                "fallocate",       "ftruncate", "fsetxattr", "fsync",           "close",
                                "linkat",          "renameat",  "rename",    "renameat2",       "syncfs",
                                "sync_file_range", NULL };
  guint n_faults = check_faults (names, (int[]) { ENOSPC, EDQUOT }, 2);

  g_test_message ("%u faults: no space, no quota", n_faults);
  g_assert_cmpuint (n_faults, >, 20);
}

/* N27, N28: an error of the disk at any call at all. */
static void
test_broken (void)
{
  guint n_faults = check_faults (NULL, (int[]) { EIO }, 1);

  g_test_message ("%u faults: an error of the disk", n_faults);
  g_assert_cmpuint (n_faults, >, 20);
}

/* N28 */
static void
test_unconfirmed (void)
{
  guint n_found = 0;

  for (guint i = find_rename (); i < scene->calls->len; i++)
    {
      g_autofree char *output = NULL;
      int status;

      if (!g_str_equal (get_call (i)->name, "fsync"))
        continue;
      g_assert_cmpstr (get_call (i)->path, ==, scene->folder);
      status = scene_play (scene, scene->calls->pdata[i], (TracerAnswer) { TRACER_FAIL, EIO }, &output);
      g_assert_cmpint (status, ==, 0);
      g_assert_cmpint (scene_get_state (scene), ==, SCENE_NEW);
      g_assert_nonnull (strstr (output, "not confirmed"));
      n_found++;
    }
  g_assert_cmpuint (n_found, ==, 1);
}

static void
assert_saved (guint index, TracerAnswer answer)
{
  g_autofree char *output = NULL;
  int status = scene_play (scene, scene->calls->pdata[index], answer, &output);
  g_auto (GStrv) there = scene_list_temporaries (scene);

  if (status != 0 || scene_get_state (scene) != SCENE_NEW)
    g_error ("call %u, %s: not saved: %s", index, get_call (index)->name, output);
  g_assert_cmpuint (g_strv_length (there), ==, 0);
}

/* A rename() that reports an error after it was done, as on a network. */
static void
test_done_all_the_same (void)
{
  guint at = find_rename ();

  assert_saved (at, (TracerAnswer) { TRACER_FAIL_AFTER, EIO });
}

/* Those that read are many and much the same: of them it is every eighth. */
static gboolean
is_passed_over (guint index)
{
  const SceneCall *recorded = scene->calls->pdata[index];

  return !scene_is_inside (scene, &recorded->call) ||
         (g_str_equal (recorded->call.name, "pread64") && recorded->nth % 8 != 0);
}

/* A signal comes at any call that waits. */
static void
test_interrupted (void)
{
  const char *const names[] = { "openat", "read",      "pread64", "write",     "pwrite64", "copy_file_range",
                                "ioctl",  "fallocate", "fsync",   "ftruncate", "close",    NULL };
  guint n_calls = 0;

  for (guint i = 0; i < scene->calls->len; i++)
    {
      const TracerCall *call = get_call (i);
      TracerAct act = g_str_equal (call->name, "close") ? TRACER_FAIL_AFTER : TRACER_FAIL;

      if (is_passed_over (i) || !is_one_of (call->name, names))
        continue;
      assert_saved (i, (TracerAnswer) { act, EINTR });
      n_calls++;
    }
  g_test_message ("%u calls interrupted", n_calls);
  g_assert_cmpuint (n_calls, >, 10);
}

static guint
get_length_arg (const char *name)
{
  if (is_one_of (name, (const char *[]) { "pread64", "pwrite64", "write", "read", NULL }))
    return 2;
  return g_str_equal (name, "copy_file_range") ? 4 : G_MAXUINT;
}

static void
test_short (void)
{
  guint n_calls = 0;

  for (guint i = 0; i < scene->calls->len; i++)
    {
      const TracerCall *call = get_call (i);
      guint arg = get_length_arg (call->name);

      if (is_passed_over (i) || arg == G_MAXUINT || call->args[arg] < 2)
        continue;
      assert_saved (i, (TracerAnswer) { TRACER_SHORTEN, 0, arg });
      n_calls++;
    }
  g_test_message ("%u calls did less than they were asked for", n_calls);
  g_assert_cmpuint (n_calls, >, 2);
}

/* N32: what was not synchronized before the power went is lost, and of names any that was given may be there or not. So there must be
 * no moment when the new name may be there and a byte of the file may not. */
static void
test_power_cut (void)
{
  const char *const changing[] = { "write",     "pwrite64", "copy_file_range", "ioctl",        "fallocate",
                                   "ftruncate", "fchmod",   "fchown",          "fremovexattr", "fsetxattr",
                                   NULL };
  gboolean is_synchronized = FALSE, is_renamed = FALSE, is_confirmed = FALSE;

  for (guint i = 0; i < scene->calls->len; i++)
    {
      const TracerCall *call = get_call (i);

      if (i == find_rename ())
        is_renamed = TRUE;
      else if (is_renamed && g_str_equal (call->name, "fsync") && g_str_equal (call->path, scene->folder))
        is_confirmed = TRUE;
      else if (g_strcmp0 (call->path, scene->path) == 0 && is_renamed)
        g_assert_false (is_one_of (call->name, changing));
      else if (scene_is_temporary (call) && is_one_of (call->name, changing))
        is_synchronized = FALSE;
      else if (scene_is_temporary (call) && g_str_equal (call->name, "fsync"))
        is_synchronized = TRUE;
      g_assert_true (is_synchronized || !is_renamed);
    }
  g_assert_true (is_confirmed);
  g_test_message ("%u prefixes of the calls", scene->calls->len);
}

static void
add (const char *scene_name, const char *name, GTestFunc func)
{
  g_autofree char *path = g_strdup_printf ("/faults/%s/%s", scene_name, name);

  g_test_add_func (path, func);
}

int
main (int argc, char *argv[])
{
  int rc;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, >=, 5);
  if (!tracer_is_possible ())
    {
      g_print ("1..0 # SKIP this system lets no program trace another one\n");
      return 0;
    }
  scene = scene_new (argv[2], g_str_equal (argv[3], "over"), (const char *const *) argv + 4);
  scene_rehearse (scene);
  add (argv[1], "kill", test_kill);
  add (argv[1], "full", test_full);
  add (argv[1], "broken", test_broken);
  add (argv[1], "unconfirmed", test_unconfirmed);
  add (argv[1], "done-all-the-same", test_done_all_the_same);
  add (argv[1], "interrupted", test_interrupted);
  add (argv[1], "short", test_short);
  add (argv[1], "power-cut", test_power_cut);
  rc = g_test_run ();
  scene_free (scene);
  return rc;
}
