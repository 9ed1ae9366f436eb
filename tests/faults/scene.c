/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scene.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  Scene *scene;
  const SceneCall *which; /* that @answer is for; NULL: all are recorded */
  TracerAnswer answer;
  pid_t thread;       /* the one that saves, once it has begun */
  GHashTable *counts; /* of its calls so far, by name */
} Play;

/* Words IN and OUT of a command are the files. */
static char **
make_argv (Scene *self, const char *const *words)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; words[i] != NULL; i++)
    if (g_str_equal (words[i], "IN"))
      g_strv_builder_add (builder, self->from);
    else
      g_strv_builder_add (builder, g_str_equal (words[i], "OUT") ? self->path : words[i]);
  return g_strv_builder_end (builder);
}

static GBytes *
read_content (const char *path)
{
  char *content = NULL;
  gsize length = 0;

  return g_file_get_contents (path, &content, &length, NULL) ? g_bytes_new_take (content, length) : NULL;
}

static void
call_free (gpointer data)
{
  SceneCall *self = data;

  g_free ((char *) self->call.name);
  g_free ((char *) self->call.path);
  g_free (self);
}

/**
 * scene_new:
 * @original: the file to save
 * @is_over: whether it is saved over itself, or under another name
 * @words: (array zero-terminated=1): the command; IN and OUT stand for the files
 *
 * Returns: (transfer full): the scene
 */
Scene *
scene_new (const char *original, gboolean is_over, const char *const *words)
{
  g_autofree char *ending = g_strdup (strrchr (original, '.'));
  g_autofree char *from = g_strconcat ("from", ending, NULL);
  g_autofree char *to = g_strconcat ("to", ending, NULL);
  Scene *self = g_new0 (Scene, 1);
  char *folder = g_dir_make_tmp ("faults-XXXXXX", NULL);

  g_assert_nonnull (folder);
  self->folder = folder;
  self->from = g_build_filename (folder, from, NULL);
  self->path = g_build_filename (folder, is_over ? from : to, NULL);
  self->argv = make_argv (self, words);
  self->old_content = read_content (original);
  g_assert_nonnull (self->old_content);
  self->calls = g_ptr_array_new_with_free_func (call_free);
  return self;
}

static void
clear_folder (Scene *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_assert_no_errno (g_remove (path));
    }
}

/**
 * scene_free:
 * @self: (transfer full): a scene, whose folder is removed
 */
void
scene_free (Scene *self)
{
  clear_folder (self);
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->from);
  g_free (self->path);
  g_strfreev (self->argv);
  g_bytes_unref (self->old_content);
  g_clear_pointer (&self->new_content, g_bytes_unref);
  g_ptr_array_unref (self->calls);
  g_free (self);
}

/* A saving begins with opening the folder, as what no other does. */
static gboolean
begins (const TracerCall *call)
{
  const guint64 flags = O_PATH | O_DIRECTORY;

  return g_str_equal (call->name, "openat") && (call->args[2] & flags) == flags;
}

static void
record (Scene *self, const TracerCall *call, guint nth)
{
  SceneCall *copy = g_new0 (SceneCall, 1);

  copy->call = *call;
  copy->call.name = g_strdup (call->name);
  copy->call.path = g_strdup (call->path);
  copy->nth = nth;
  g_ptr_array_add (self->calls, copy);
}

static TracerAnswer
on_call (const TracerCall *call, gpointer user_data)
{
  Play *play = user_data;
  guint nth;

  if (play->thread == 0 && begins (call))
    play->thread = call->thread;
  if (play->thread != call->thread)
    return (TracerAnswer) { TRACER_LET };

  nth = GPOINTER_TO_UINT (g_hash_table_lookup (play->counts, call->name));
  g_hash_table_insert (play->counts, g_strdup (call->name), GUINT_TO_POINTER (nth + 1));
  if (play->which == NULL)
    record (play->scene, call, nth);
  else if (nth == play->which->nth && g_str_equal (call->name, play->which->call.name))
    return play->answer;
  return (TracerAnswer) { TRACER_LET };
}

static void
set_up (Scene *self)
{
  gsize length;
  const void *content = g_bytes_get_data (self->old_content, &length);

  clear_folder (self);
  g_assert_true (
      g_file_set_contents_full (self->from, content, length, G_FILE_SET_CONTENTS_NONE, 0644, NULL));
}

static int
play (Scene *self, const SceneCall *which, TracerAnswer answer, char **output)
{
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Play data = { .scene = self, .which = which, .answer = answer, .counts = counts };

  set_up (self);
  return tracer_run ((const char *const *) self->argv, on_call, &data, output);
}

/**
 * scene_rehearse:
 * @self: a scene
 *
 * Plays it with nothing going wrong, to know how it ends and what calls it is made of.
 */
void
scene_rehearse (Scene *self)
{
  g_autofree char *output = NULL;
  int status = play (self, NULL, (TracerAnswer) { TRACER_LET }, &output);

  g_assert_cmpint (status, ==, 0);
  self->new_content = read_content (self->path);
  g_assert_nonnull (self->new_content);
  g_assert_false (g_bytes_equal (self->old_content, self->new_content));
  g_assert_cmpuint (self->calls->len, >, 10);
}

/**
 * scene_play:
 * @self: a scene that was rehearsed
 * @which: the call that goes wrong
 * @answer: how
 * @output: (out) (optional): what the command printed
 *
 * Returns: how it ended, as of waitpid()
 */
int
scene_play (Scene *self, const SceneCall *which, TracerAnswer answer, char **output)
{
  g_autofree char *printed = NULL;
  int status = play (self, which, answer, &printed);

  if (output != NULL)
    *output = g_steal_pointer (&printed);
  return status;
}

/**
 * scene_get_state:
 * @self: a scene that was played
 *
 * Returns: which file is there; there must be one of both, and the file that was read must be whole
 */
SceneState
scene_get_state (Scene *self)
{
  g_autoptr (GBytes) content = read_content (self->path);
  gboolean is_over = g_str_equal (self->from, self->path);
  g_autoptr (GBytes) from = is_over ? NULL : read_content (self->from);

  if (!is_over)
    g_assert_true (g_bytes_equal (from, self->old_content));
  if (!is_over && content == NULL)
    return SCENE_OLD;
  g_assert_nonnull (content);
  if (is_over && g_bytes_equal (content, self->old_content))
    return SCENE_OLD;
  g_assert_true (g_bytes_equal (content, self->new_content));
  return SCENE_NEW;
}

/**
 * scene_list_temporaries:
 * @self: a scene that was played
 *
 * Returns: (transfer full): the files that are there beside those that should be
 */
char **
scene_list_temporaries (Scene *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      if (!g_str_equal (path, self->from) && !g_str_equal (path, self->path) && !g_str_has_suffix (path, "~"))
        g_strv_builder_take (builder, g_steal_pointer (&path));
    }
  return g_strv_builder_end (builder);
}

/**
 * scene_is_inside:
 * @self: a scene
 * @call: one of its calls
 *
 * Returns: whether the call is about the folder or a file in it
 */
gboolean
scene_is_inside (Scene *self, const TracerCall *call)
{
  return call->path != NULL && g_str_has_prefix (call->path, self->folder);
}

/**
 * scene_is_temporary:
 * @call: a call
 *
 * Returns: whether the call is about the file that is being written
 */
gboolean
scene_is_temporary (const TracerCall *call)
{
  return call->path != NULL && g_str_has_suffix (call->path, ".part");
}
